import json
import os
import random
import re
import uuid
from datetime import date, datetime, timezone

import schemathesis
from hypothesis import strategies
from schemathesis.core.parameters import ParameterLocation

with open(os.environ["KNOWN_IDS"], encoding="utf-8") as file:
    KNOWN_IDS = json.load(file)


# Only years from 1900 to 2199 are taken; of all that Python can write, one in thirty would be left.
_days = strategies.dates(date(1900, 1, 1), date(2199, 12, 31))
_instants = strategies.datetimes(datetime(1900, 1, 2), datetime(2199, 12, 30), timezones=strategies.just(timezone.utc))
schemathesis.openapi.format("date", _days.map(date.isoformat))
schemathesis.openapi.format("date-time", _instants.map(datetime.isoformat))


def _is_valid(case, location):
    if case.meta is None:
        return False
    component = case.meta.components.get(location)
    return (component or case.meta.generation).mode.is_positive


def _name_what_is_there(case, draw):
    named = re.match(r"/v1/([a-z-]+)/\{id\}", case.path)
    known = KNOWN_IDS["things"].get(named.group(1), []) if named else []
    for parameter, of_owner in KNOWN_IDS["parts"].items():
        # Part of a thing: the thing is one that has such parts.
        if parameter in case.path_parameters and of_owner:
            owner = draw.choice(sorted(of_owner))
            case.path_parameters.update({"id": owner, parameter: draw.choice(of_owner[owner])})
            return
    if known:
        case.path_parameters["id"] = draw.choice(known)


@schemathesis.hook
def before_call(context, case, kwargs):
    # Whoever sends a new request chooses a new key; a drawn one, mostly "0", was used before for another request.
    if "Idempotency-Key" in (case.headers or {}) and _is_valid(case, ParameterLocation.HEADER):
        case.headers["Idempotency-Key"] = str(uuid.uuid4())
    # A cursor is what the page before answered. No schema can draw one, and the 422 that it gets would hide the rest.
    if "cursor" in (case.query or {}) and _is_valid(case, ParameterLocation.QUERY):
        del case.query["cursor"]
    # Drawn ids name nothing: nine of ten ask for what is there. The case's own id makes the choice the same in each run.
    draw = random.Random(case.id)
    if case.path_parameters and _is_valid(case, ParameterLocation.PATH) and draw.random() < 0.9:
        _name_what_is_there(case, draw)
