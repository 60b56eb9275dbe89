import * as z from 'zod'
import { isMember, writtenBy } from '../kernel/actor.ts'
import { later, minutes } from '../kernel/moment.ts'
import { invalid } from '../kernel/refusal.ts'
import { digest } from '../kernel/stamp.ts'
import { openLoginLinks } from '../queries/login-links.ts'
import { loginLinkIssued, loginLinkRevoked } from '../records/login-links.ts'
import { command } from './command.ts'
import { memberCalled } from './members.ts'

/**
 * A way back in for somebody who has lost theirs. The one they had before ends with it. Nobody makes one for themselves, so
 * an admin gets one from another admin, or from whoever runs the site.
 */
export const issueLoginLink = command({
  name: 'issueLoginLink',
  input: z.object({ name: z.string('Say who, by name.') }),
  decide({ cache, actor, stamp }, { name }) {
    const member = memberCalled(cache, name)
    if (isMember(actor) && actor.member === member.id) throw invalid('name', notForOneself)
    const by = writtenBy(actor)
    const token = stamp.token()
    const until = later(stamp.time, 30 * minutes)
    return {
      drafts: [
        ...openLoginLinks(cache, member.id, stamp.time).map((link) => loginLinkRevoked.of({ by, link })),
        loginLinkIssued.of({
          by,
          link: stamp.id('loginLink'),
          member: member.id,
          token: digest(token),
          until,
        }),
      ],
      result: { token, expiresAt: until, name: member.name },
    }
  },
})

const notForOneself = 'Nobody makes a link for themselves. Ask another admin, or whoever runs this site.'
