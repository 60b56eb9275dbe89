/*
 * What the words in which a program presents itself say of it, as far as an invite cares. Whoever lies there only sees
 * another page: nothing depends on it.
 */

/** Whether a program fetches a link only to show beside it what it leads to. */
export const isPreviewer = (agent: string) => previewers.test(agent)

/** Whether a page is opened inside another app, which forgets its cookies sooner or later, and with them who was here. */
export const isInsideApp = (agent: string) => apps.test(agent)

/** What the browser of this device is called. */
export function browserOfDevice(agent: string): string {
  if (/iPhone|iPad|Macintosh/.test(agent)) return 'Safari'
  return /Android/.test(agent) ? 'Chrome' : 'your browser'
}

const previewers =
  /facebookexternalhit|Facebot|WhatsApp\/|TelegramBot|Twitterbot|Slackbot|Discordbot|LinkedInBot|SkypeUriPreview|Viber|redditbot|Pinterestbot|Embedly|Iframely|Applebot|vkShare|Mastodon|(?<!cu)bot\b|crawler|spider|preview/i

const apps =
  /\bFBA[NV]\/|\bFB_IAB\b|Instagram|\bLine\/|MicroMessenger|KAKAOTALK|Snapchat|musical_ly|BytedanceWebview|Twitter for|LinkedInApp|Pinterest\/|; wv\)/
