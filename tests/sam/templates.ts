import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RawTemplate } from '../../local/template/scope';
import { run, samPython, scratchFolder } from './tools';

/** A template after SAM's macro: with CloudFormation's own resources only. */
export interface TranslatedTemplate extends RawTemplate {
  Resources: Record<string, TranslatedResource>;
  Outputs?: Record<string, { Value: unknown }>;
}

export interface TranslatedResource {
  Type: string;
  Properties?: Record<string, unknown>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

export interface Translation<Name extends string> {
  translated: Record<Name, TranslatedTemplate>;
  /** By type: pointers to the properties whose change makes CloudFormation replace a resource. */
  createOnly: Record<string, string[]>;
}

/** Translates SAM templates as CloudFormation does on a deploy. The names are the test's own. */
export async function translate<Name extends string>(
  templates: Record<Name, RawTemplate>,
): Promise<Translation<Name>> {
  const script = join(__dirname, 'translate.py');
  const { status, stdout, stderr } = await run(samPython(), [script], JSON.stringify(templates));
  if (status !== 0) throw new Error(`The templates could not be translated:\n${stderr}`);
  return JSON.parse(stdout) as Translation<Name>;
}

interface Finding {
  Level: 'Error' | 'Warning' | 'Informational';
  Rule: { Id: string };
  Message: string;
}

/** Reads a template as SAM does: without short forms, with merge keys resolved. */
export async function readAsSam(file: string): Promise<RawTemplate> {
  const program =
    'import json, sys; from samcli.yamlhelper import parse_yaml_file; json.dump(parse_yaml_file(sys.argv[1]), sys.stdout)';
  const { status, stdout, stderr } = await run(samPython(), ['-c', program, file]);
  if (status !== 0) throw new Error(`SAM could not read ${file}:\n${stderr}`);
  return JSON.parse(stdout) as RawTemplate;
}

/** The findings of cfn-lint, a line each, such as `Error E3004: Circular Dependencies …`. */
export async function lint(name: string, template: RawTemplate): Promise<string[]> {
  const file = join(scratchFolder(), `${name}.json`);
  writeFileSync(file, JSON.stringify(template));
  return lintFile(file);
}

export async function lintFile(file: string): Promise<string[]> {
  const program = 'from cfnlint.runner import main; main()';
  const { stdout, stderr } = await run(samPython(), ['-c', program, '--format', 'json', file]);
  if (stdout === '') throw new Error(`cfn-lint did not run:\n${stderr}`);
  return (JSON.parse(stdout) as Finding[]).map(
    ({ Level, Rule, Message }) => `${Level} ${Rule.Id}: ${Message}`,
  );
}
