import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readTemplate } from '../../local/template/read';
import type { RawTemplate } from '../../local/template/scope';
import { applicationTemplate, projectFolder, templatePath, type ApplicationPart } from './application';
import { makeFolder } from './runner';

interface CopyOptions {
  application?: ApplicationPart;
  /** The functions that the runner builds from the copied sources. All others are prebuilt. */
  fromSource?: string[];
  /** Changes the template, whose short-form functions are already expanded. */
  template?: (template: Required<Pick<RawTemplate, 'Resources' | 'Globals'>>) => void;
}

/** Copies the project to a new folder, with changes to its source files. @returns the folder */
export function copyProject(
  changes: Record<string, (source: string) => string>,
  options: CopyOptions = {},
): string {
  const folder = makeFolder();
  cpSync(join(projectFolder, 'src'), join(folder, 'src'), { recursive: true });
  symlinkSync(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
  writeTemplate(folder, options);
  for (const [file, edit] of Object.entries(changes)) {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, edit(existsSync(path) ? readFileSync(path, 'utf8') : ''));
  }
  return folder;
}

function writeTemplate(
  folder: string,
  { application, fromSource = [], template: change }: CopyOptions,
): void {
  const { Resources = {}, Globals = {}, ...rest } = readTemplate(applicationTemplate(application));
  const { Resources: unbuilt = {} } = readTemplate(templatePath);
  for (const id of fromSource) Object.assign(Resources, { [id]: unbuilt[id] });
  change?.({ Resources, Globals });
  // JSON is YAML too.
  writeFileSync(join(folder, 'template.yaml'), JSON.stringify({ ...rest, Globals, Resources }));
}

/** Parses resources from YAML that may use CloudFormation's short forms. */
export function parseResources(yaml: string): Required<RawTemplate>['Resources'] {
  const file = join(makeFolder(), 'resources.yaml');
  writeFileSync(file, yaml);
  return readTemplate(file).Resources ?? {};
}

/** The arguments that make the runner use the template in a folder. */
export const templateIn = (folder: string) => ['--template', join(folder, 'template.yaml')];
