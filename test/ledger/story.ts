import { issueInvite, openFirstLink, revokeInvite } from '../../src/commands/invites.ts'
import { issueLoginLink } from '../../src/commands/login-links.ts'
import { markPrayer, unmarkPrayer } from '../../src/commands/marks.ts'
import { claimInvite } from '../../src/commands/members.ts'
import { postPrayer } from '../../src/commands/prayers.ts'
import { grantRole, revokeRole } from '../../src/commands/roles.ts'
import { signInByLink, signOut } from '../../src/commands/sessions.ts'
import { type Actor, operator, visitor } from '../../src/kernel/actor.ts'
import type { Stage } from './stage.ts'

/*
 * A few days of a small community, always the same: everything the ledger ever does to the disk happens in it. Each act
 * begins with a start and ends with a close. Whoever is refused tries again; who is missing then, the others go on.
 */

export interface Act {
  readonly name: string
  play(stage: Stage): Promise<void>
}

export const firstMoment = '2025-12-30T07:00:00.000Z'

/** These words are erased later; not one byte of them may stay anywhere. */
export const secretWords = [
  'Wisteria knows what I did.',
  'Quicksilver is in my blood.',
  'Obsidian, the doctor said.',
]

export const acts: readonly Act[] = [
  {
    name: 'the first days',
    async play(stage) {
      await stage.opens()
      const first = await stage.does(operator, openFirstLink, {})
      if (first?.token) await claims(stage, 'Ruth', first.token)
      const invite = await stage.does(operator, issueInvite, { seats: 5 })
      if (!invite) return
      await together(
        claims(stage, 'Daniel', invite.token),
        claims(stage, 'Mary', invite.token),
        claims(stage, 'Ruth', invite.token),
        stage.does(operator, issueInvite, { admin: true }),
      )
      await together(
        posts(stage, 'Ruth', `${secretWords[0]}\n\n= lines like\n@1 records\n| x\n~y\n`, 'first'),
        posts(stage, 'Ruth', `${secretWords[0]}\n\n= lines like\n@1 records\n| x\n~y\n`, 'first'),
        posts(stage, 'Daniel', 'For my sister, who travels. '.repeat(40), undefined),
        posts(stage, 'Mary', 'שלום 🙏 '.repeat(120), undefined),
      )
      stage.clock.moment = '2025-12-31T07:00:00.000Z'
      const [prayer, other] = stage.cast.prayers
      const early = marks(stage, 'Daniel', prayer)
      await alreadyWriting()
      await together(
        early,
        marks(stage, 'Mary', prayer),
        marks(stage, 'Ruth', other),
        marks(stage, 'Mary', 'p_0000000000000000'),
        marks(stage, 'Mary', other),
        undoes(stage, 'Mary', other),
      )
      await stage.does(operator, grantRole, { name: 'Daniel', role: 'admin' })
      const link = await stage.does(operator, issueLoginLink, { name: 'Mary' })
      await together(
        stage.does(operator, revokeRole, { name: 'Ruth', role: 'admin' }),
        stage.does(operator, revokeInvite, { invite: invite.invite }),
        stage.does(stage.cast.members.Mary ?? visitor, signOut, {}),
      )
      const back = link && (await stage.does(visitor, signInByLink, { token: link.token }))
      if (back) stage.comesIn('Mary', back.cookie)
      await stage.closes()
    },
  },
  {
    name: 'a month ends',
    async play(stage) {
      await stage.opens()
      await marks(stage, 'Ruth', stage.cast.prayers[1])
      stage.clock.moment = '2025-12-31T23:59:59.997Z'
      await together(
        posts(stage, 'Daniel', secretWords[1] ?? '', 'late'),
        marks(stage, 'Mary', stage.cast.prayers[0]),
        posts(stage, 'Mary', 'In the new month already. '.repeat(30), 'early'),
        marks(stage, 'Daniel', stage.cast.prayers[1]),
      )
      stage.clock.moment = '2026-01-01T08:00:00.000Z'
      await stage.ledger().settled()
      await marks(stage, 'Daniel', stage.cast.prayers.at(-1))
      await stage.closes()
    },
  },
  {
    name: 'words are erased',
    async play(stage) {
      await stage.opens()
      await posts(stage, 'Ruth', secretWords[2] ?? '', 'third')
      const [first, , , second] = stage.cast.prayers
      const third = stage.cast.prayers.at(-1)
      if (first) await stage.erases(first)
      await posts(stage, 'Ruth', 'Thank you.', 'thanks')
      await together(
        second && stage.erases(second),
        third && stage.erases(third),
        posts(stage, 'Mary', 'While that was going on.', 'meanwhile'),
      )
      await stage.ledger().settled()
      await marks(stage, 'Mary', stage.cast.prayers[1])
      await stage.closes()
    },
  },
  {
    name: 'a quiet day',
    async play(stage) {
      await stage.opens()
      await stage.tries(() => stage.ledger().reconcile())
      await stage.tries(() => stage.ledger().rebuild())
      await posts(stage, 'Daniel', 'One more.', 'more')
      await stage.closes()
    },
  },
]

/** All at once. Waits for everyone, also when one finds that nothing can be written any more. */
async function together(...asked: readonly unknown[]) {
  const outcomes = await Promise.allSettled(asked)
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason
}

async function claims(stage: Stage, name: string, token: string) {
  const claimed = await stage.does(visitor, claimInvite, {
    token,
    name,
    browser: `${name} has this browser.`,
  })
  if (claimed?.alreadyHere === false) stage.comesIn(name, claimed.cookie)
}

async function posts(stage: Stage, name: string, request: string, key: string | undefined) {
  const posted = await stage.does(who(stage, name), postPrayer, { request, key })
  if (posted && !stage.cast.prayers.includes(posted.prayer)) stage.asks(posted.prayer)
}

/** At another minute each time. */
const marks = (stage: Stage, name: string, prayer: string | undefined) =>
  stage.does(who(stage, name), markPrayer, { prayer, key: `${name} ${prayer} ${stage.clock.moment}` })

const undoes = (stage: Stage, name: string, prayer: string | undefined) =>
  stage.does(who(stage, name), unmarkPrayer, { prayer })

const who = (stage: Stage, name: string): Actor => stage.cast.members[name] ?? visitor

/** Time enough for a batch to leave: whoever comes now waits for the next one. */
async function alreadyWriting() {
  for (let tick = 0; tick < 10; tick++) await Promise.resolve()
}
