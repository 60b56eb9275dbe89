/** What was given cannot be used for what was asked, in a sentence. */
export class Unfit extends Error {
  constructor(sentence: string) {
    super(sentence)
    this.name = 'Unfit'
  }
}
