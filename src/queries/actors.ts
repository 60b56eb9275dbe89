/** What pages call whoever wrote a record: a member by name, the machine and its keeper by what they are. */
export const calledBy = (by: string, name: string | null) => name ?? others[by] ?? 'Someone who left'

const others: Readonly<Record<string, string>> = {
  operator: 'the person who runs the server',
  schedule: 'the site by itself',
  visitor: 'somebody who was not signed in',
  someone: 'someone here',
}
