/** One transparent pixel: a GIF of 43 bytes, in base64. */
export const transparentGif = 'R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==';
