import { inArray } from 'drizzle-orm'
import { type Actor, isMember } from '../kernel/actor.ts'
import { type audiences, prayers } from '../records/prayers.ts'

/*
 * Who may see what. Nothing else decides it: a query adds `seenByMembers` to its condition, a command asks `maySee`,
 * and both are made of the one list below.
 */

type Audience = (typeof audiences)[number]

/** The audiences that every member belongs to. */
const everyMember: readonly Audience[] = ['everyone']

/** As the condition of a query that a member reads. */
export const seenByMembers = inArray(prayers.sees, everyMember).inlineParams()

/** As an answer about one request. */
export const maySee = (actor: Actor, prayer: { readonly sees: Audience }) =>
  isMember(actor) && everyMember.includes(prayer.sees)
