import type { FastifyRequest } from 'fastify'
import * as z from 'zod'
import { notLetIn } from '../commands/passkeys.ts'
import { invalid } from '../kernel/refusal.ts'
import { passkeyByCredential, passkeysOf } from '../queries/passkeys.ts'
import { sentBy, text } from './forms.ts'
import type { Site } from './site.ts'

/*
 * Passkeys (WebAuthn): what a browser is asked for, and whether what it answers is proved. Any device will do, and it has to
 * know its owner by finger, face or code.
 */

/** What to sign in with; the device knows by itself whose passkeys it holds for this site. */
export const requestOptions = (site: Site, challenge: string) => ({
  challenge,
  rpId: placeOf(site).rpId,
  timeout: 300_000,
  userVerification: 'required',
})

/** What a new passkey is to be; a device that has one for this member already makes no other. */
export const creationOptions = (
  site: Site,
  challenge: string,
  { member, name }: { readonly member: string; readonly name: string },
) => ({
  challenge,
  rp: { id: placeOf(site).rpId, name: 'ThyWill' },
  user: { id: base64url(member), name, displayName: name },
  pubKeyCredParams: algorithms.map((alg) => ({ type: 'public-key', alg })),
  timeout: 300_000,
  attestation: 'none',
  authenticatorSelection: {
    residentKey: 'required',
    requireResidentKey: true,
    userVerification: 'required',
  },
  excludeCredentials: passkeysOf(site.cache(), member).map(({ credential }) => ({
    type: 'public-key',
    id: credential,
  })),
})

/** The new passkey in a form, when it is one that was made here for the challenge that `take` gives. Throws a Refusal. */
export async function provedNew(site: Site, request: FastifyRequest, take: () => string) {
  const { response, clientDataJSON, attestationObject } = answerIn(request)
  const expectedChallenge = take()
  const { verifyRegistrationResponse } = await library()
  const { rpId, origin } = placeOf(site)
  const outcome = await verifyRegistrationResponse({
    response: { ...response, response: { clientDataJSON, attestationObject }, clientExtensionResults: {} },
    expectedChallenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    supportedAlgorithmIDs: [...algorithms],
  }).catch((error: unknown) => refuse(request, error, notAdded))
  if (!outcome.verified) throw invalid('passkey', notAdded)
  const { id, publicKey, counter } = outcome.registrationInfo.credential
  return { credential: id, publicKey: Buffer.from(publicKey).toString('base64url'), counter }
}

/**
 * The passkey in a form, when it has signed the challenge that `take` gives. One that nobody has is looked at just like the others, so
 * that neither words nor time tell which there are. Throws a Refusal.
 */
export async function provedKnown(site: Site, request: FastifyRequest, take: () => string) {
  const { response, clientDataJSON, authenticatorData, signature, userHandle } = answerIn(request)
  const expectedChallenge = take()
  const { verifyAuthenticationResponse } = await library()
  const { rpId, origin } = placeOf(site)
  const publicKey = passkeyByCredential(site.cache(), response.id)?.publicKey ?? nobodys
  const { verified, authenticationInfo } = await verifyAuthenticationResponse({
    response: {
      ...response,
      response: { clientDataJSON, authenticatorData, signature },
      clientExtensionResults: {},
    },
    expectedChallenge,
    expectedOrigin: origin,
    expectedRPID: rpId,
    requireUserVerification: true,
    // Whether its counter goes on is for the command to decide, which alone knows what came before.
    credential: { id: response.id, publicKey: Buffer.from(publicKey, 'base64url'), counter: 0 },
  }).catch((error: unknown) => refuse(request, error, notLetIn))
  if (!verified) throw invalid('passkey', notLetIn)
  const owner = Buffer.from(userHandle, 'base64url').toString()
  return { credential: response.id, counter: authenticationInfo.newCounter, owner }
}

/** Loaded when it is needed: it takes half a second. */
export const library = () => import('@simplewebauthn/server')

/** Ed25519, ECDSA with P-256, RSA: what all devices have one of, with keys that are short enough to keep. */
const algorithms = [-8, -7, -257] as const

const notAdded = 'That did not make a passkey. Try once more.'
const noAnswer = 'Passkeys need JavaScript, and this browser sent nothing. The other ways do without.'

/** A public key as passkeys have it, which stands for those that are not here. */
const nobodys =
  'pQECAyYgASFYIGsX0fLhLEJH-Lzm5WOkQPJ3A32BLeszoPShOUXYmMKWIlggT-NC4v4af5uO5-tKfA-eFivOM1drMV7Oy7ZAaDe_UfU'

const part = z.string().max(20_000).default('')
const answer = z.object({
  id: z.string().min(1).max(2_000),
  rawId: z.string().max(2_000),
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: part,
    attestationObject: part,
    authenticatorData: part,
    signature: part,
    userHandle: part,
  }),
})

function answerIn(request: FastifyRequest) {
  const sent = text(sentBy(request), 'answer')
  if (sent === '') throw invalid('passkey', noAnswer)
  const outcome = answer.safeParse(jsonIn(sent))
  if (!outcome.success) throw invalid('passkey', notLetIn)
  const { response, ...rest } = outcome.data
  return { response: rest, ...response }
}

function jsonIn(sent: string): unknown {
  try {
    return JSON.parse(sent)
  } catch {
    return undefined
  }
}

/** The library throws an Error of its own for each thing that is not as it should be. */
function refuse(request: FastifyRequest, error: unknown, sentence: string): never {
  request.log.debug({ err: error }, 'a passkey was refused')
  throw invalid('passkey', sentence)
}

const placeOf = ({ config }: Site) => {
  const { origin, hostname } = new URL(config.baseUrl)
  return { origin, rpId: hostname }
}

const base64url = (words: string) => Buffer.from(words).toString('base64url')
