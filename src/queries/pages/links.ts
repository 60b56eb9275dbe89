/** Whether a link still opens something. */
export type LinkState = 'open' | 'used' | 'expired' | 'revoked'
