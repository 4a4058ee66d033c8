/** The template says something that CloudFormation would refuse, or that the local runner cannot resolve. */
export class TemplateError extends Error {}
