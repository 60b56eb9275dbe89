import * as z from 'zod'
import type { Reading } from '../cache/reading.ts'
import type { Actor } from '../kernel/actor.ts'
import type { Draft } from '../kernel/event.ts'
import { type Act, type Permitted, permitted } from '../kernel/permissions.ts'
import { Refusal } from '../kernel/refusal.ts'
import type { Stamp } from '../kernel/stamp.ts'
import { actorNow } from '../queries/sessions.ts'

/**
 * Everything a decision may look at: what is so (every earlier command of the batch included, save for what is tallied),
 * who asks, and the stamp.
 */
export interface Deciding<Who extends Actor = Actor> {
  readonly cache: Reading
  readonly actor: Who
  readonly stamp: Stamp
}

/** What will have happened, and the answer to whoever asked. No drafts: nothing happens. */
export interface Decision<Result> {
  readonly drafts: readonly Draft[]
  readonly result: Result
}

export interface Command<Who extends Actor, Input, Result> {
  /** Whose row in the table of permissions says who may try it. */
  readonly name: Act
  /** Forms give strings; what is wrong becomes a sentence by its field. */
  readonly input: z.ZodType<Input>
  /** Synchronous and pure: reads, then answers or throws a Refusal. */
  readonly decide: (asked: Deciding<Who>, input: Input) => Decision<Result>
}

/** `Ledger.record`: rehearses, appends, commits; resolves when the records are on disk and can be read. */
export type Recorder = <Result>(
  rehearse: (cache: Reading, stamp: Stamp) => Decision<Result>,
) => Promise<Result>

/** The one door for writes. Throws a Refusal; whatever else it throws is a defect or a broken disk. */
export const perform = <Who extends Actor, Input, Result>(
  record: Recorder,
  command: Command<Who, Input, Result>,
  actor: Actor,
  raw: unknown,
): Promise<Result> =>
  record((cache, stamp) => {
    // `command` has tied the type of who may try to the name.
    const who = permitted(actorNow(cache, actor, stamp.time), command.name, stamp.time) as Who
    return command.decide({ cache, actor: who, stamp }, parsed(command.input, raw))
  })

/** Throws a Refusal that has the first sentence for each field. */
export function parsed<Input>(schema: z.ZodType<Input>, raw: unknown): Input {
  const outcome = schema.safeParse(raw)
  if (outcome.success) return outcome.data
  const fields: Record<string, string> = {}
  for (const { path, message } of outcome.error.issues) {
    if (path.length > 0) fields[String(path[0])] ??= message
  }
  throw new Refusal('invalid', Object.values(fields)[0] ?? 'Something in the form is not right.', fields)
}

/** A field that may be left out; a form sends it empty then. */
export const optional = <Field extends z.ZodType>(field: Field) =>
  z.preprocess((sent) => (sent === '' ? undefined : sent), field.optional())

/** Spares every command the type of what it is: its name says who may try it. */
export const command = <Name extends Act, Input, Result>(
  definition: Command<Permitted<Name>, Input, Result> & { readonly name: Name },
): Command<Permitted<Name>, Input, Result> => definition
