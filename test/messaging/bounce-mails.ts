/** A delivery status report as mail systems write it (RFC 3464), about one recipient. */
export function aReport(changed: Partial<ReportFacts> = {}): Buffer {
  const { to, action, status, returned, inReplyTo } = { ...plain, ...changed };
  const lines = [
    'From: Mail Delivery System <MAILER-DAEMON@mx.example.net>',
    'To: renewals@xubao.example',
    'Subject: Undelivered Mail Returned to Sender',
    ...(inReplyTo === undefined ? [] : [`In-Reply-To: <${inReplyTo}@xubao.example>`]),
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b1"',
    '',
    '--b1',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'Your message could not be delivered. Status: 2.0.0',
    '',
    '--b1',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.net',
    'Arrival-Date: Tue, 16 Mar 2027 12:00:01 +0800',
    '',
    `Final-Recipient: rfc822; forwarded@example.org`,
    ...(to === undefined ? [] : [`Original-Recipient: rfc822;${to}`]),
    `Action: ${action}`,
    `Status: ${status}`,
    'Diagnostic-Code: smtp; 550 as the other server said,',
    '    in more than one line',
    '',
    ...(returned === undefined
      ? []
      : ['--b1', 'Content-Type: text/rfc822-headers', '', `Message-ID: <${returned}@xubao.example>`, 'Subject: x', '']),
    '--b1--',
    '',
  ];
  return Buffer.from(lines.join('\r\n'));
}

type ReportFacts = {
  to: string | undefined;
  action: string;
  status: string;
  /** The id of the message whose headers are returned. */
  returned: string | undefined;
  inReplyTo: string | undefined;
};

const plain: ReportFacts = {
  to: 'wang@example.com',
  action: 'failed',
  status: '5.1.1',
  returned: undefined,
  inReplyTo: undefined,
};
