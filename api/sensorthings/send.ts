import type { FastifyReply } from 'fastify';
import type { Answer } from './answer.ts';
import type { Budget } from './context.ts';

/** Entities that are written at once. */
const WRITTEN_AT_ONCE = 200;

/** Large pages are written bit by bit, so that nobody waits for them. */
const jsonText = async (json: unknown, budget: Budget): Promise<string> => {
  const { value, ...head } = (json ?? {}) as { value?: unknown };
  if (!Array.isArray(value) || value.length <= WRITTEN_AT_ONCE) return JSON.stringify(json);
  const parts: string[] = [];
  for (let i = 0; i < value.length; i += WRITTEN_AT_ONCE) {
    parts.push(JSON.stringify(value.slice(i, i + WRITTEN_AT_ONCE)).slice(1, -1));
    await budget.breathe();
  }
  const before = JSON.stringify(head).slice(0, -1);
  return `${before}${before === '{' ? '' : ','}"value":[${parts.join(',')}]}`;
};

/** Sends an answer. */
export const send = async (reply: FastifyReply, answer: Answer, budget: Budget): Promise<FastifyReply> => {
  if ('nothing' in answer) return reply.code(204).send();
  if ('json' in answer) {
    const text = await jsonText(answer.json, budget);
    return reply.type(answer.type ?? 'application/json; charset=utf-8').send(text);
  }
  return reply.type(answer.type).send(answer.text);
};
