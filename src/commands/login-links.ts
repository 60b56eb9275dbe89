import { z } from 'zod'
import { later, minutes } from '../kernel/moment.ts'
import { digest } from '../kernel/stamp.ts'
import { openLoginLinks } from '../queries/login-links.ts'
import { loginLinkIssued, loginLinkRevoked } from '../records/login-links.ts'
import { command } from './command.ts'
import { memberCalled } from './members.ts'

/** A way back in for somebody who has lost theirs. The one they had before ends with it. */
export const issueLoginLink = command({
  name: 'issueLoginLink',
  input: z.object({ name: z.string('Say who, by name.') }),
  decide({ cache, stamp }, { name }) {
    const member = memberCalled(cache, name)
    const token = stamp.token()
    const until = later(stamp.time, 30 * minutes)
    return {
      drafts: [
        ...openLoginLinks(cache, member.id, stamp.time).map((link) =>
          loginLinkRevoked.of({ by: 'operator', link }),
        ),
        loginLinkIssued.of({
          by: 'operator',
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
