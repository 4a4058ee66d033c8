import { buildApplication } from './application';

/** Jest runs this once before a project whose tests run functions. */
export default buildApplication;
