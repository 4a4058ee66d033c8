import { InvalidRequestError } from '../errors/footfallError';

/** A member's details; null means unknown. */
export interface MemberDetails {
  name: string | null;
  email: string | null;
  age: number | null;
}

/** A change of a member's record. Details that are left out stay; `null` removes one. */
export interface MemberChanges {
  details: Partial<MemberDetails>;
  /** The version that the caller saw; the change fails for any other. */
  version?: number;
}

export class InvalidMemberError extends InvalidRequestError {}

export const maxNameCharacters = 200;
/** The longest address in RFC 5321. */
export const maxEmailCharacters = 254;
export const maxAge = 150;

const rules: Record<keyof MemberDetails, { isValid: (value: unknown) => boolean; message: string }> = {
  name: {
    isValid: (value) => isPlainText(value, maxNameCharacters) && value.trim() !== '',
    message: `\`name\` must be text of 1 to ${maxNameCharacters} characters, without control characters.`,
  },
  email: {
    isValid: (value) => isPlainText(value, maxEmailCharacters) && /^[^\s@]+@[^\s@]+$/.test(value),
    message: `\`email\` must be an address of at most ${maxEmailCharacters} characters.`,
  },
  age: {
    isValid: (value) => Number.isInteger(value) && Number(value) >= 0 && Number(value) <= maxAge,
    message: `\`age\` must be a whole number from 0 to ${maxAge}.`,
  },
};

/**
 * Parses a change. A name may contain markup: pages escape it.
 * @param fields parsed JSON
 * @throws InvalidMemberError
 */
export function parseMemberChanges(fields: Record<string, unknown>): MemberChanges {
  const { version, ...details } = fields;
  for (const [field, value] of Object.entries(details)) {
    if (!isDetail(field))
      throw new InvalidMemberError('Only `name`, `email`, `age` and `version` can be changed.');
    if (value !== null && !rules[field].isValid(value)) throw new InvalidMemberError(rules[field].message);
  }
  if (Object.keys(details).length === 0)
    throw new InvalidMemberError('Send at least one of `name`, `email` and `age`.');
  if (version === undefined) return { details };
  if (!Number.isSafeInteger(version) || Number(version) < 0)
    throw new InvalidMemberError('`version` must be the whole number that came with the member.');
  return { details, version: Number(version) };
}

/** Reads a member's details from a user pool's attributes. Invalid ones become unknown. */
export function readAttributes(attributes: Record<string, string | undefined>): MemberDetails {
  const { name, email } = attributes;
  return {
    name: name !== undefined && rules.name.isValid(name) ? name : null,
    email: email !== undefined && rules.email.isValid(email) ? email : null,
    age: null,
  };
}

function isDetail(field: string): field is keyof MemberDetails {
  return Object.hasOwn(rules, field);
}

/** UTF-8 cannot represent a lone surrogate. */
function isPlainText(value: unknown, maxCharacters: number): value is string {
  return typeof value === 'string' && value.length <= maxCharacters && !/[\p{Cc}\p{Cs}]/u.test(value);
}
