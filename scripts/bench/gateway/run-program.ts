import { spawn } from 'node:child_process';

/** Runs a program that is no module of Node, and ends with it: `run-program.ts PROGRAM WORD…`. */
const [program = '', ...words] = process.argv.slice(2);
const child = spawn(program, words, { stdio: 'inherit' });
child.once('error', () => process.exit(1));
child.once('exit', (code) => process.exit(code ?? 1));
process.on('SIGTERM', () => child.kill('SIGTERM'));
