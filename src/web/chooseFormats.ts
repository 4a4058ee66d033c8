import { chooseLocale } from '../http/locale';
import type { Request } from '../http/request';
import { createFormats, type Formats } from '../pages/formats';

/** Returns the formats of numbers and dates in the reader's language. */
export function chooseFormats(request: Request): Formats {
  return createFormats(chooseLocale(request.header('accept-language')));
}
