/** Which pages are on which picture, as docs/screens/README.md says it. */
export function listOf(pictures: ReadonlyMap<string, readonly string[]>): string {
  const rows = [...pictures]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, pages]) => `| [${name}](${name}.png) | ${[...new Set(pages)].join(', ')} |`)
  return `${head}${rows.join('\n')}\n`
}

/** The same read back. */
export const picturesIn = (list: string): ReadonlyMap<string, readonly string[]> =>
  new Map(
    [...list.matchAll(/^\| \[([\w-]+)\]\(\1\.png\) \| (.+) \|$/gm)].map(([, name = '', pages = '']) => [
      name,
      pages.split(', '),
    ]),
  )

const head = `# Pictures of the pages

Taken and listed by \`npm run screens\`, in the demo community. Each page is called as in \`views\`; the pictures of phones have
several beside each other, by day above and by night below.

| picture | pages |
|---|---|
`
