import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

const bin = fileURLToPath(new URL('../../bin/hasim.js', import.meta.url))

/** How a command ended. */
export interface Ended {
  readonly code: number | null
  readonly signal: string | null
  readonly stdout: string
  readonly stderr: string
}

/** A directory of its own for a test file, with a small part model in it. */
export class Workspace {
  readonly path = mkdtempSync(join(tmpdir(), 'hasim-cli-'))

  constructor() {
    this.write('parts.yaml', PARTS)
  }

  write(name: string, content: string | Uint8Array): string {
    const path = join(this.path, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
    return path
  }

  read(name: string): string {
    return readFileSync(join(this.path, name), 'utf-8')
  }

  start(...args: string[]): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
    const child = spawn(process.execPath, [bin, ...args], { cwd: this.path, env: { ...process.env, HASIM_DEBUG: '' } })
    const texts = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk) => (texts.stdout += chunk))
    child.stderr.on('data', (chunk) => (texts.stderr += chunk))
    const ended = new Promise<Ended>((resolve) => {
      child.on('close', (code, signal) => resolve({ code, signal, ...texts }))
    })
    return { child, ended }
  }

  /** Runs `hasim` to its end. A stack trace is a failure, whatever the test is about. */
  async hasim(...args: string[]): Promise<Ended> {
    const ended = await this.start(...args).ended
    expectNoStack(ended)
    return ended
  }

  remove(): void {
    rmSync(this.path, { recursive: true, force: true })
  }
}

/** No line of a stack trace may ever reach the user. */
export function expectNoStack({ stdout, stderr }: Ended): void {
  expect(stdout + stderr).not.toMatch(/^\s+at .*[(:]\d+/m)
}

/** The result without what may differ between runs. */
export function withoutRun(json: string): string {
  const { run: _run, ...rest } = JSON.parse(json)
  return JSON.stringify(rest)
}

/** Two of three servers, and three of five; one crew. */
export const PARTS = `question: Are five servers worth it over three?
parts:
  server: { count: 3, every: exponential(1000h), lasts: exponential(8h) }
crews:
  team: { size: 1, serves: all }
services:
  quorum: { at-least: 2, of: server }
variants:
  three: {}
  five: { parts.server.count: 5, services.quorum.at-least: 3 }
run: { replications: 300 }
slo: { quorum: 99.99% }
`
