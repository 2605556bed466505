-- The work of a stage says when it starts and for whom; phone attempts start at T-15, one after the other.
update stage_plans set content = jsonb_set(content, '{stages}', (
  select coalesce(jsonb_agg(jsonb_set(rule, '{tasks}', (
    select coalesce(jsonb_agg(case
        when task = '"phone-tracking"' then '{"kind": "phone-attempt", "startsDaysBefore": 15}'
        when jsonb_typeof(task) = 'string' then jsonb_build_object('kind', task)
        else task end order by task_place), '[]')
    from jsonb_array_elements(coalesce(rule -> 'tasks', '[]')) with ordinality as work (task, task_place))) order by place), '[]')
  from jsonb_array_elements(content -> 'stages') with ordinality as plan (rule, place)))
where jsonb_typeof(content -> 'stages') = 'array';
--> statement-breakpoint
update tasks set kind = 'phone-attempt', key = regexp_replace(key, '/phone-tracking/[^/]*$', '/phone-attempt/1')
where kind = 'phone-tracking';
