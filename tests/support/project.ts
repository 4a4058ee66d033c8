import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { readTemplate } from '../../local/template/read';
import type { RawTemplate } from '../../local/template/scope';
import { applicationTemplate, projectFolder, templatePath, type ApplicationPart } from './application';
import { makeFolder } from './runner';

interface CopyOptions {
  application?: ApplicationPart;
  /** The functions that the runner builds from the copied sources; all others are built already. */
  fromSource?: string[];
  /** Changes the template, whose short forms are long ones by then. */
  template?: (template: Required<Pick<RawTemplate, 'Resources' | 'Globals'>>) => void;
}

/** The project with changes to its source files, in a folder of its own. */
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

/** The resources of some YAML, with CloudFormation's short forms. */
export function parseResources(yaml: string): Required<RawTemplate>['Resources'] {
  const file = join(makeFolder(), 'resources.yaml');
  writeFileSync(file, yaml);
  return readTemplate(file).Resources ?? {};
}

/** The argument by which the runner takes the template of such a folder. */
export const templateIn = (folder: string) => ['--template', join(folder, 'template.yaml')];
