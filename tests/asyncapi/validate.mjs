// Reads AsyncAPI documents and says what is wrong with them: node validate.mjs FILE...

import { readFile } from 'node:fs/promises';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { Parser } from '@asyncapi/parser';

const SEVERITIES = ['error', 'warning', 'information', 'hint'];

/** Resolves with the parsed document, or nothing when it has errors, and one line for each thing that the parser said. */
export async function validate(text) {
  const { document, diagnostics } = await new Parser().parse(text);
  const findings = diagnostics.map(({ severity, path, message, code }) => ({
    severity: SEVERITIES[severity],
    text: `${SEVERITIES[severity]} ${code} at /${path.join('/')}: ${message}`,
  }));
  return { document, findings };
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  for (const file of argv.slice(2)) {
    const { findings } = await validate(await readFile(file, 'utf8'));
    for (const { text } of findings) console.error(`${file}: ${text}`);
    if (findings.some(({ severity }) => severity === 'error')) process.exitCode = 1;
    else console.log(`${file}: valid`);
  }
}
