-- What was one task of phone tracking is the first of three attempts. Stored plans stay as they were published: code reads both shapes.
update tasks set kind = 'phone-attempt', key = regexp_replace(key, '/phone-tracking/[^/]*$', '/phone-attempt/1')
where kind = 'phone-tracking';
