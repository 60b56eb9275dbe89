import * as z from 'zod'
import type { Reading } from '../cache/reading.ts'
import { composedName } from '../kernel/names.ts'
import { invalid, Refusal } from '../kernel/refusal.ts'
import { memberByName, memberKnownTo } from '../queries/members.ts'
import { wishes } from '../queries/separations.ts'
import { pairRejoined, pairSeparated } from '../records/separations.ts'
import { command } from './command.ts'

const whom = 'Say who, by name.'
const noSuchMember = 'There is nobody here like that.'
const written = z.string(whom).max(1_000, 'This is too long for a name.')

/** Keeps somebody and oneself apart: neither sees anything of the other, and nobody is told. */
export const keepApart = command({
  name: 'keepApart',
  input: z.union([z.object({ member: z.string(noSuchMember) }), z.object({ name: written })]),
  decide({ cache, actor }, whom) {
    const other =
      'member' in whom ? known(cache, actor.member, whom.member) : called(cache, actor.member, whom.name)
    if (other === actor.member) throw invalid('name', 'That is you.')
    const isSo = wishes(cache, actor.member, other).includes(actor.member)
    const draft = pairSeparated.of({ by: actor.member, one: actor.member, other })
    return { drafts: isSo ? [] : [draft], result: { other } }
  },
})

/** Takes back one's own wish to be kept apart; what a moderator has decided stays. */
export const rejoin = command({
  name: 'rejoin',
  input: z.object({ member: z.string(noSuchMember) }),
  decide({ cache, actor }, { member: other }) {
    const isMine = wishes(cache, actor.member, other).includes(actor.member)
    const { member } = actor
    return { drafts: isMine ? [pairRejoined.of({ by: member, one: member, other })] : [], result: { other } }
  },
})

/** A moderator keeps two others apart, who are not told. */
export const keepOthersApart = command({
  name: 'keepOthersApart',
  input: z.object({ one: written, other: written }),
  decide({ cache, actor }, names) {
    const one = called(cache, actor.member, names.one, 'one')
    const other = called(cache, actor.member, names.other, 'other')
    if (one === other) throw invalid('other', 'These two are one and the same.')
    if (one === actor.member || other === actor.member)
      throw invalid(
        one === actor.member ? 'one' : 'other',
        'That is you: there is a page of your own for this.',
      )
    const isSo = wishes(cache, one, other).includes('moderator')
    const draft = pairSeparated.of({ by: actor.member, one, other })
    return { drafts: isSo ? [] : [draft], result: { one, other } }
  },
})

/** Takes back what a moderator has decided; what one of the two wishes stays. */
export const rejoinOthers = command({
  name: 'rejoinOthers',
  input: z.object({ one: z.string(noSuchMember), other: z.string(noSuchMember) }),
  decide({ cache, actor }, { one, other }) {
    if (one === actor.member || other === actor.member) throw new Refusal('not-found', noSuchMember)
    const isSo = wishes(cache, one, other).includes('moderator')
    return { drafts: isSo ? [pairRejoined.of({ by: actor.member, one, other })] : [], result: { one, other } }
  },
})

function known(cache: Reading, reader: string, member: string): string {
  if (memberKnownTo(cache, reader, member)) return member
  throw new Refusal('not-found', noSuchMember)
}

/** Whoever is called so, as far as this reader may know. */
function called(cache: Reading, reader: string, name: string, field = 'name'): string {
  const member = memberKnownTo(cache, reader, memberByName(cache, name)?.id ?? '')
  if (member) return member.id
  throw invalid(field, `Nobody here is called "${composedName(name)}".`)
}
