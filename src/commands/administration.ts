import * as z from 'zod'
import { writtenBy } from '../kernel/actor.ts'
import { Refusal } from '../kernel/refusal.ts'
import { loginLinkById } from '../queries/admin/links.ts'
import { exportMade } from '../records/administration.ts'
import { loginLinkRevoked } from '../records/login-links.ts'
import { command } from './command.ts'

/** Takes back a link by which somebody could come in. */
export const revokeLoginLink = command({
  name: 'revokeLoginLink',
  input: z.object({ link: z.string('Say which link.') }),
  decide({ cache, actor }, { link }) {
    const found = loginLinkById(cache, link)
    if (!found) throw new Refusal('not-found', 'There is no such link.')
    const isOpen = found.usedAt === null && found.revokedAt === null
    const drafts = isOpen ? [loginLinkRevoked.of({ by: writtenBy(actor), link })] : []
    return { drafts, result: {} }
  },
})

/** Keeps in the audit log that somebody took a copy of it away. */
export const exportAudit = command({
  name: 'exportAudit',
  input: z.object({}),
  decide: ({ actor }) => ({ drafts: [exportMade.of({ by: writtenBy(actor), what: 'audit' })], result: {} }),
})

/** The same of the keys, on paper. */
export const exportKeys = command({
  name: 'exportKeys',
  input: z.object({}),
  decide: ({ actor }) => ({ drafts: [exportMade.of({ by: writtenBy(actor), what: 'keys' })], result: {} }),
})
