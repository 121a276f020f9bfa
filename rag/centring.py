"""English questions over Chinese text: taking out what makes a vector English.

A multilingual encoder puts a text's language into its vector. Of Chinese passages, those with some English in them
are then near every English question. What any English question has in common is the mean of many; half of it is taken
out of each. Jindřich Libovický, Rudolf Rosa and Alexander Fraser, "On the Language Neutrality of Pre-trained
Multilingual Representations" (Findings of EMNLP 2020), centre the vectors of each language so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np

from library.encoder import Encoder

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Vector = NDArray[np.float32]

# All of the mean would also take out what English questions share with what they ask for.
_TAKEN = 0.5
# Of any field and form, so that nothing but the language is common to them.
_QUESTIONS = """
Who wrote the book about the history of the city?
When was the company founded?
How many people live in the region?
What is the capital of the country?
Why did the two sides sign the agreement?
Which year did the war end?
What is the name of the largest river in the area?
Where was the scientist born?
What percentage of students come from abroad?
How much money was invested in the project?
Who is the director of the institute?
What did the government announce in 2019?
Which team won the final?
What kind of animals live in the forest?
How does the machine work?
What was the result of the experiment?
Which university developed the new material?
When will the railway line be opened?
What is the target for next year?
How long does the process take?
Who was the leader of the party at that time?
What are the three main causes of the disease?
Which language is spoken by most of the people?
Where is the headquarters of the organisation?
What does the word mean?
How many companies took part in the exhibition?
What type of food is the town famous for?
Who designed the building?
In which month does the festival take place?
What is the purpose of the law?
How high is the mountain?
Which country produces the most steel?
What happened after the earthquake?
How did the king die?
What role does oxygen play in the reaction?
Which products does the factory make?
What was the population of the city in 2010?
Who played the main character in the film?
What is the temperature at the surface?
Why was the school closed?
""".strip().splitlines()
_means: WeakKeyDictionary[Encoder, Vector] = WeakKeyDictionary()


def english_query(encoder: Encoder, question: str) -> Vector:
    """The vector that an English question searches Chinese text with, float32, shape ``(dimension,)``; no unit."""
    if encoder not in _means:
        _means[encoder] = np.mean([encoder.query(q) for q in _QUESTIONS], axis=0, dtype=np.float32)
    vector: Vector = encoder.query(question) - np.float32(_TAKEN) * _means[encoder]
    return vector
