import { type Command, perform, type Recorder } from '../commands/command.ts'
import type { Actor } from '../kernel/actor.ts'
import type { SeededSource } from './source.ts'

/** Sends commands in the order of their moments, many at a time, so that they share the disk's syncs. */
export interface Turns {
  take<Who extends Actor, Input, Result>(turn: Turn<Who, Input, Result>): Promise<Result>
  /** Resolves when there is room for one more. Throws when one of those before could not be carried out. */
  room(): Promise<void>
  /** Resolves when all are carried out. */
  done(): Promise<void>
}

export interface Turn<Who extends Actor, Input, Result> {
  readonly moment: number
  readonly command: Command<Who, Input, Result>
  readonly actor: Actor
  readonly raw: unknown
}

export function takeTurns(record: Recorder, source: SeededSource, window: number): Turns {
  const waiting: Promise<unknown>[] = []
  return {
    take({ moment, command, actor, raw }) {
      const outcome = quiet(perform(source.at(moment, record), command, actor, raw))
      waiting.push(outcome)
      return outcome
    },
    async room() {
      while (waiting.length >= window) await waiting.shift()
    },
    async done() {
      while (waiting.length > 0) await waiting.shift()
    },
  }
}

/** Whoever awaits it still learns that it failed; nobody has to. */
export function quiet<Result>(promise: Promise<Result>): Promise<Result> {
  promise.catch(() => {})
  return promise
}
