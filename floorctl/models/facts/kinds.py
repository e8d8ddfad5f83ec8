"""Every kind of fact, and the tables over all kinds: each is derived from the declarations, in the files by subject."""

from floorctl.models.facts.advice import *
from floorctl.models.facts.breaks import *
from floorctl.models.facts.calendar import *
from floorctl.models.facts.calls import *
from floorctl.models.facts.cases import *
from floorctl.models.facts.counts import *
from floorctl.models.facts.day import *
from floorctl.models.facts.duties import *
from floorctl.models.facts.fact import DECLARED
from floorctl.models.facts.head_counts import *
from floorctl.models.facts.incidents import *
from floorctl.models.facts.lending import *
from floorctl.models.facts.memos import *
from floorctl.models.facts.people import *
from floorctl.models.facts.posts import *
from floorctl.models.facts.registers import *
from floorctl.models.facts.remarks import *
from floorctl.models.facts.reports import *
from floorctl.models.facts.shifts import *
from floorctl.models.facts.terminals import *
from floorctl.models.facts.tickets import *

KINDS = DECLARED  # complete, since all subjects have been imported
REGISTER_KINDS = frozenset(k for k, f in KINDS.items() if f.lasts)
PREPARING_KINDS = frozenset(k for k, f in KINDS.items() if f.prepares)
CLOSING_KINDS = frozenset(k for k, f in KINDS.items() if f.closes)
# Kinds that only the console and the command line may write; a feed line with one of them is refused (contract 2).
COMMAND_KINDS = frozenset(k for k, f in KINDS.items() if "feed" not in f.written_by)
