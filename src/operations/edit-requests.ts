import * as z from 'zod'
import { parsed } from '../commands/command.ts'
import type { Actor } from '../kernel/actor.ts'
import type { EditOperations, Mended } from './edits.ts'

/** What may be asked over the control socket, before it is checked. */
export type EditRequest =
  | { readonly name: 'acceptEdits'; readonly file: string }
  | { readonly name: 'restoreMonth'; readonly file: string; readonly from: string | undefined }
  | { readonly name: 'lookAgain' }

const requests = z.discriminatedUnion('name', [
  z.object({ name: z.literal('acceptEdits'), file: z.string() }),
  z.object({ name: z.literal('restoreMonth'), file: z.string(), from: z.string().optional() }),
  z.object({ name: z.literal('lookAgain') }),
])

export const isEditRequest = (name: string): name is EditRequest['name'] =>
  requests.options.some(({ shape }) => shape.name.value === name)

/** Does what was asked. Throws a Refusal. */
export function performEdit(operations: EditOperations, actor: Actor, raw: object): Promise<Mended> {
  const request = parsed(requests, raw)
  if (request.name === 'acceptEdits') return operations.accept(actor, request.file)
  if (request.name === 'restoreMonth') return operations.restore(actor, request.file, request.from)
  return operations.lookAgain(actor)
}
