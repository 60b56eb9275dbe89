import type { Card } from '../queries/pages/cards.ts'

type Topic = Card['topic']

/** What a request can be about, as people read it. */
const labels = {
  health: 'Health',
  family: 'Family',
  work: 'Work',
  grief: 'Grief',
  guidance: 'Guidance',
  provision: 'Provision',
  protection: 'Protection',
  thanks: 'Thanks',
  world: 'The world',
  other: 'Something else',
} as const satisfies Readonly<Record<Topic, string>>

/** In the order of a form: each with its word. */
export const topics = Object.entries(labels)

export const topic = (topic: Topic): string => labels[topic]
