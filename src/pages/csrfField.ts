/** The form field that carries the CSRF token. */
export const csrfField = 'csrf';
