"""Learning from stewards: what their verdicts change, and what to ask them next.

The story of one lesson, each step one file::

    labels.py        pairs with a verdict; verdicts that contradict each other are told, not swallowed
    trainers.py      two ways to learn what they add to the weights (matching/correction.py)
    lesson.py        learned, tried on labels held out, taken only if it helps
    ask.py           the pairs most worth asking next: uncertain, different from each other, of consequence

Few labels change little. A correction depends on the levels alone, so it holds however the labelled pairs were chosen:
stewards may judge what they were asked, and need not judge a random sample.
"""

from matching.correction import Correction
from matching.supervised.ask import Question, questions
from matching.supervised.labels import Contradiction, Labels, reconcile
from matching.supervised.lesson import Lesson, learn_from

__all__ = [
    "Contradiction",
    "Correction",
    "Labels",
    "Lesson",
    "Question",
    "learn_from",
    "questions",
    "reconcile",
]
