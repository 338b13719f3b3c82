"""The words that made-up people, companies and answers are put together from."""

from __future__ import annotations


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.replace("_", " ") for word in text.split())


FIRST_NAMES = _words(
    """
    Aaliyah Adam Adriana Agnieszka Ahmed Aiko Alejandro Alice Amara Amélie Amir Ana Anders Andrea
    Anika Antoine Arjun Astrid Ava Beatriz Ben Björn Bruno Camila Carlos Carmen Cédric Chen Chiara
    Chloé Claire Daan Daniel David Deepa Diego Dmitri Elena Elif Elsa Emil Emma Enzo Erik Esra Eva
    Fatima Felix Fiona Francesca Freya Gabriel Giulia Grace Hana Hannah Hassan Helena Hiroshi Hugo
    Ines Ingrid Irina Isabel Ivan Jakub James Jan Jasmin Javier Jiho Joana João Jonas Julia Kai
    Karim Katarzyna Kenji Klara Kwame Lars Laura Leila Lena Leo Léa Liam Lina Lucas Luca Lucía
    Łukasz Maja Malik Marco Maria Marie Marta Mateo Matthias Maya Mehmet Mei Mia Miguel Mila Mina
    Mohammed Nadia Naomi Natalia Nia Nils Nina Noah Nora Noor Olga Oliver Omar Oscar Pablo Patricia
    Paul Petra Pierre Priya Rachel Rafael Rahul Ravi Renata Rosa Ruben Ruth Samir Samuel Sara Selin
    Sebastian Sofia Soo-jin Stefan Svea Tariq Tatiana Teresa Theo Thomas Tomás Uma Valentina Vera
    Victor Wei William Yara Yasmin Yuki Yusuf Zara Zoë
    """
)
LAST_NAMES = _words(
    """
    Abbott Adeyemi Aguilar Ahmad Almeida Andersson Aoki Baker Banerjee Barbosa Bauer Becker Bennett
    Bergström Bianchi Blanc Boateng Brandt Brown Bruno Bürger Cabrera Campbell Carvalho Castro Chang
    Chavez Chopra Clarke Cohen Colombo Costa Cruz Da_Silva Dahl Das Davies De_Vries Delgado Demir
    Diallo Dubois Duarte Eriksen Esposito Evans Farah Fernández Ferrari Fischer Flores Fontaine
    Foster Fuchs Fujita García Gomes González Graf Gray Greco Gupta Haas Hagen Hansen Harris Hayashi
    Herrera Hoffmann Holm Huang Hughes Ibrahim Ito Ivanova Iyer Jackson Jansen Jensen Johansson
    Jovanović Kamara Kaplan Kaur Keller Khan Kim Klein Kobayashi Kowalska Kozłowski Krüger Kumar
    Lang Larsen Laurent Lee Lehmann Li Lindqvist Liu Lopes López Lund Maeda Malik Marino Martin
    Martínez Mbeki Meier Mendes Meyer Mensah Mitchell Moreau Moreno Mori Morris Müller Murphy Nair
    Nakamura Navarro Nguyen Nielsen Novák Nowak Núñez Okafor Okoye Oliveira Olsen Ono Ortiz Osei
    Park Patel Pereira Perez Petersen Petrov Pinto Popescu Price Quinn Ramos Rao Reddy Reyes Ricci
    Richter Rivera Roberts Romano Rossi Roux Ruiz Russo Saito Salazar Sánchez Santos Sato Schmidt
    Schneider Schwarz Sharma Silva Simon Singh Smith Sokolova Sørensen Steiner Suzuki Svensson
    Takahashi Tan Tanaka Taylor Thompson Torres Tran Turner Ueda Vargas Varga Vogel Wagner Walker
    Wang Weber White Wilson Winter Wolf Wright Wójcik Yamamoto Yang Yildiz Young Zhang Zimmermann
    """
)
COMPANY_FIRST = _words(
    """
    Alder Amber Arbor Aspen Atlas Autumn Beacon Birch Blue Bold Bright Cedar Cinder Clear Cloud
    Cobalt Copper Coral Crimson Crystal Dawn Delta Drift Echo Elm Ember Evergreen Fable Falcon Fern
    First Flint Forest Fox Frost Garnet Glacier Golden Granite Green Harbor Hazel Heron High
    Horizon Indigo Iron Ivory Jade Juniper Kestrel Lake Lark Lumen Maple Meadow Meridian Mint Moss
    North Oak Ocean Olive Onyx Open Orchard Otter Pebble Pine Pixel Quartz Quiet Raven River Robin
    Saffron Silver Slate Summit Terra
    """
)
COMPANY_SECOND = _words(
    """
    Bay Bridge Brook Cove Craft Crest Dale Desk Field Flow Forge Gate Glen Grid Grove Harbor Hill
    House Key Labs Lane Leaf Light Line Link Loop Mark Mill Park Path Peak Point Port Ridge Road
    Rock Sail Shore Signal Spark Spring Stack Stone Stream Thread Track Trail Vale Wave Works
    """
)
COMPANY_ENDING = ("", " Group", " Studio", " Software", " Systems")

CITIES = (
    "Amsterdam",
    "Berlin",
    "Lagos",
    "Lisbon",
    "Lyon",
    "Osaka",
    "Porto",
    "São Paulo",
    "Toronto",
)
INDUSTRIES = (
    "Education", "Finance", "Health care", "Logistics", "Manufacturing", "Media", "Non-profit",
    "Professional services", "Real estate", "Retail", "Software", "Travel",
)  # fmt: skip

PRAISE = (
    "Saves me time every single day",
    "The reports are exactly what my manager wants to see",
    "Setup took ten minutes and it just works",
    "Best support team I have ever dealt with",
    "We replaced three tools with this one",
    "Clean, fast and my whole team actually uses it",
    "The new dashboard is lovely, thank you!",
    "Intégration très simple, bravo à l'équipe",
)
COMPLAINTS = (
    "Loading large projects takes far too long",
    "I could not find how to export my data",
    "Too expensive for what a small team needs",
    "The mobile app logs me out all the time",
    "Permissions are confusing, everybody can see everything",
    "Invoices should show our VAT number",
    "Die Suche findet ältere Einträge nicht",
    "Please fix the calendar sync, it drops events",
)
IDEAS = (
    "A dark mode for the editor",
    "Keyboard shortcuts for everything",
    "An integration with our CRM",
    "Scheduled exports to a spreadsheet",
    "Let us set roles per project",
    "Offline mode on the train would be great",
    "A calendar view\nwith drag and drop, per team if possible",
    "Bulk editing of tags",
)
