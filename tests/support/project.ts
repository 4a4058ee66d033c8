import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder } from './engine';
import { makeFolder } from './runner';

/** The project with changes to its files, in a folder of its own. */
export function copyProject(changes: Record<string, (source: string) => string>): string {
  const folder = makeFolder();
  cpSync(join(projectFolder, 'src'), join(folder, 'src'), { recursive: true });
  symlinkSync(join(projectFolder, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'template.yaml'), readFileSync(join(projectFolder, 'template.yaml')));
  for (const [file, change] of Object.entries(changes)) {
    let source = '';
    try {
      source = readFileSync(join(folder, file), 'utf8');
    } catch {
      mkdirSync(join(folder, file, '..'), { recursive: true });
    }
    writeFileSync(join(folder, file), change(source));
  }
  return folder;
}

/** The argument by which the runner takes the template of such a folder. */
export const templateIn = (folder: string) => ['--template', join(folder, 'template.yaml')];
