import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Client } from '@temporalio/client';
import { connection } from '../src/db/connection.ts';
import { sendSms } from '../activities/send-sms.ts';

export const forbidden = { readFileSync, z, Client, connection, sendSms };
