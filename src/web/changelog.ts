import type { WhatsNew } from '../queries/pages/still.ts'

/** What a changelog says, as plain text: a heading for each version, a line for each thing that is new. */
export function versionsIn(text: string): WhatsNew['versions'] {
  const versions: { name: string; news: string[] }[] = []
  for (const line of text.split('\n')) {
    const [, name] = /^## (.+)$/.exec(line) ?? []
    const [, news] = /^- (.+)$/.exec(line) ?? []
    const last = versions.at(-1)
    if (name !== undefined) versions.push({ name: name === 'Unreleased' ? 'Now' : name, news: [] })
    else if (news !== undefined) last?.news.push(plain(news))
    else if (/^ +\S/.test(line) && last?.news.length)
      last.news.push(`${last.news.pop()} ${plain(line.trim())}`)
  }
  return versions
}

/** Backquotes say how a command is set; here it is read. */
const plain = (text: string) => text.replaceAll('`', '')
