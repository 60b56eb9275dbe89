import { writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { type Act, permissions } from '../../src/kernel/permissions.ts'

/** The table of rights as people read it: `npm run permissions` writes it, and a test says when it is not true any more. */
export const permissionsFile = resolve(import.meta.dirname, '../../docs/permissions.md')

const standings = [
  'visitor',
  'waiting',
  'member',
  'team',
  'moderator',
  'admin',
  'operator',
  'schedule',
] as const
const roles: readonly string[] = ['team', 'moderator', 'admin']

export function permissionsText(): string {
  const rows = (Object.keys(permissions) as Act[]).map((act) => {
    const { who, isFresh }: { readonly who: readonly string[]; readonly isFresh?: boolean } = permissions[act]
    // Whoever has a role is a member, too.
    const may = (one: string) => who.includes(one) || (roles.includes(one) && who.includes('member'))
    return `| \`${act}\` | ${standings.map((one) => (may(one) ? 'yes' : '')).join(' | ')} | ${isFresh ? 'yes' : ''} |`
  })
  return `${[...intro, head, `|${'---|'.repeat(standings.length + 2)}`, ...rows].join('\n')}\n`
}

const intro = [
  '# Who may do what',
  '',
  'Written by `npm run permissions` from `src/kernel/permissions.ts`, which is what the site asks. Here stands who may try at',
  'all; what somebody may do to one thing (their own request, their own invite) is decided by the command. *Fresh*: whoever',
  'came in more than twelve hours ago shows once more that it is they. The operator is whoever runs the command line.',
  '',
]
const head = `| | ${standings.join(' | ')} | fresh |`

if (process.argv[1] === import.meta.filename) writeFileSync(permissionsFile, permissionsText())
