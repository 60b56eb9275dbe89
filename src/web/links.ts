/** What a pasted link or its code leads to. */
export function pathOfPasted(pasted: string): string | undefined {
  const [, kind = 'sign-in', token] =
    /^(?:\S*\/(sign-in|claim)\/)?([A-Za-z0-9_-]{22})\/?$/.exec(pasted.trim()) ?? []
  return token && `/${kind}/${token}`
}
