/** CloudFormation would reject the template, or the local runner cannot resolve it. */
export class TemplateError extends Error {}
