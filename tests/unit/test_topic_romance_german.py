"""Short articles in French, Spanish, Portuguese and German: cooperation, and what only sounds like it."""

import pytest

from coopwatch.countries import find_countries
from coopwatch.relevance import Topic, judge, load_topic
from coopwatch.settings import CONFIG_DIR
from tests.builders import make_article

IN_SCOPE = (
    (
        "fr",
        "Le CNRS et l'université de Tokyo inaugurent un laboratoire commun sur les matériaux",
        (
            "Le nouveau laboratoire international, installé sur le campus de Hongo, réunira une "
            "trentaine de chercheurs français et japonais. Il travaillera sur les matériaux pour "
            "l'énergie. « C'est l'aboutissement de dix ans de collaborations », a déclaré le "
            "directeur de l'institut de chimie. Le financement est assuré à parts égales par les deux "
            "partenaires."
        ),
    ),
    (
        "fr",
        "Copernicus, Horizon : la Suisse retrouve sa place dans les programmes européens de recherche",
        (
            "Berne et Bruxelles ont paraphé l'accord qui associe la Suisse à Horizon Europe. Les "
            "chercheurs des hautes écoles suisses pourront de nouveau coordonner des projets. "
            "L'accord, qui doit encore être approuvé par le Parlement, prendra effet rétroactivement."
        ),
    ),
    (
        "fr",
        "Les ministres de la Recherche de la Francophonie adoptent une déclaration sur la science ouverte",
        (
            "Réunis à Dakar, les ministres chargés de l'enseignement supérieur et de la recherche "
            "d'une trentaine d'États ont adopté une déclaration commune. Le texte prévoit de "
            "mutualiser des infrastructures de calcul. L'Agence universitaire de la Francophonie "
            "assurera le suivi."
        ),
    ),
    (
        "fr",
        "Appel à projets franco-allemand sur la cybersécurité et les technologies quantiques",
        (
            "L'Agence nationale de la recherche et son homologue allemande lancent un appel conjoint "
            "doté de 20 millions d'euros. Les consortiums devront réunir au moins une équipe de "
            "chaque pays. Les candidatures sont ouvertes jusqu'en mars."
        ),
    ),
    (
        "es",
        "España y Corea del Sur firman un memorando de entendimiento sobre tecnologías cuánticas",
        (
            "La ministra de Ciencia, Innovación y Universidades y su homólogo surcoreano firmaron "
            "este martes en Seúl un memorando de entendimiento. El texto prevé proyectos de "
            "investigación conjuntos y el intercambio de jóvenes investigadores. La primera "
            "convocatoria, cofinanciada por el CDTI, se abrirá en otoño."
        ),
    ),
    (
        "es",
        "Cuba y Vietnam amplían la cooperación en biotecnología",
        (
            "Una delegación del CITMA visitó Hanói para revisar los proyectos de vacunas en marcha. "
            "Las partes convinieron en crear un centro binacional de investigación y desarrollo. "
            "También habrá becas para doctorandos vietnamitas en La Habana."
        ),
    ),
    (
        "es",
        "China ofrece a científicos latinoamericanos acceso a sus muestras lunares",
        (
            "La agencia espacial china informó de que los grupos extranjeros podrán solicitar "
            "muestras traídas por la sonda Chang'e 6. Investigadores de Chile, Perú y Brasil ya han "
            "presentado propuestas. Los resultados se publicarán de forma conjunta."
        ),
    ),
    (
        "es",
        "Técnicos cubanos transfieren a Angola una tecnología para diagnosticar el dengue",
        (
            "El Centro de Inmunoensayo y el Instituto Nacional de Salud angoleño firmaron un convenio "
            "de transferencia de tecnología. Especialistas africanos se formarán en La Habana. El "
            "proyecto cuenta con apoyo de la OPS."
        ),
    ),
    (
        "pt",
        "Países da CPLP querem programa comum de investigação científica",
        (
            "Os ministros da Ciência e do Ensino Superior da CPLP reuniram-se em Maputo. Aprovaram "
            "uma declaração que prevê bolsas e partilha de dados. Angola vai acolher a próxima "
            "reunião."
        ),
    ),
    (
        "pt",
        "Delegação da Academia de Ciências da Rússia visita a Fiocruz",
        (
            "Os cientistas russos conheceram os laboratórios de vacinas no Rio de Janeiro. As "
            "instituições discutiram o intercâmbio de pesquisadores e um acordo de cooperação. Um "
            "seminário bilateral será realizado em Moscou."
        ),
    ),
    (
        "pt",
        "Lisboa recebe conferência mundial sobre os oceanos com 500 cientistas",
        (
            "O congresso internacional de oceanografia reúne investigadores de sessenta países. A "
            "Comissão Oceanográfica Intergovernamental da Unesco apresenta os resultados da Década do "
            "Oceano. Haverá sessões sobre a partilha de dados."
        ),
    ),
    (
        "de",
        "DFG und FAPESP fördern deutsch-brasilianische Verbundprojekte",
        (
            "Die Deutsche Forschungsgemeinschaft und ihre brasilianische Partnerorganisation legen "
            "eine gemeinsame Ausschreibung auf. Gefördert werden Vorhaben aus allen Fächern. Anträge "
            "sind bis Ende März möglich."
        ),
    ),
    (
        "de",
        "Mondproben aus China: Forscher in Münster erhalten Zugang",
        (
            "Die chinesische Raumfahrtagentur überlässt Instituten aus Europa Bodenproben der Mission "
            "Chang'e 5. Ein Team der Universität Münster wird das Mondgestein gemeinsam mit Kollegen "
            "aus Peking untersuchen. Auch Labore in Frankreich und Pakistan sind beteiligt."
        ),
    ),
    (
        "de",
        "Forschungsminister der G20 verabschieden Erklärung zur offenen Wissenschaft",
        (
            "Bei ihrem Treffen in Südafrika haben die Ministerinnen und Minister Grundsätze für den "
            "Zugang zu Forschungsdaten beschlossen. Entwicklungsländer sollen Infrastruktur mitnutzen "
            "können. Die Unesco begleitet die Umsetzung."
        ),
    ),
)

OUT_OF_SCOPE = (
    (
        "fr",
        "L'Union européenne et l'Inde concluent un accord de libre-échange",
        (
            "Après des années de négociations, Bruxelles et New Delhi ont conclu un accord commercial "
            "qui supprime la plupart des droits de douane. Il couvre l'automobile, les produits "
            "pharmaceutiques et les technologies numériques. Les exportateurs espèrent doubler leurs "
            "ventes. Le Parlement européen doit encore se prononcer."
        ),
    ),
    (
        "fr",
        "Rafale : Paris et Belgrade renforcent leur coopération militaire",
        (
            "La Serbie a signé un contrat pour l'achat de douze avions de combat. L'accord comprend "
            "un volet de transfert de technologies et la formation des pilotes. Le ministre des "
            "Armées s'est félicité de ce partenariat de défense."
        ),
    ),
    (
        "fr",
        "Disparue depuis trois jours : les recherches se poursuivent dans les Vosges",
        (
            "La gendarmerie a lancé un appel à témoins. Une cinquantaine de militaires et un "
            "hélicoptère participent aux recherches. La police scientifique est intervenue au "
            "domicile. Une coopération avec la police allemande a été demandée."
        ),
    ),
    (
        "es",
        "El Gobierno aprueba una estrategia de inteligencia artificial de 1.500 millones",
        (
            "El Consejo de Ministros dio luz verde al plan nacional para impulsar la inteligencia "
            "artificial y la investigación. Se creará un nuevo centro de supercomputación. Las "
            "universidades podrán contratar a mil investigadores."
        ),
    ),
    (
        "es",
        "Los sindicatos y la patronal firman el convenio colectivo de los laboratorios",
        (
            "El acuerdo prevé una subida salarial del tres por ciento. Afecta a 20.000 trabajadores "
            "del sector químico. Los sindicatos mantienen la convocatoria de huelga en otras "
            "empresas."
        ),
    ),
    (
        "es",
        "Perú compra fragatas a una empresa surcoreana con transferencia de tecnología",
        (
            "La Marina de Guerra firmó un contrato con los astilleros. El convenio prevé la "
            "construcción conjunta en el Callao. El ministro de Defensa destacó la cooperación "
            "militar entre los dos países."
        ),
    ),
    (
        "pt",
        "União Europeia e Mercosul assinam acordo comercial",
        (
            "O tratado de livre comércio elimina tarifas sobre a maioria dos produtos. Agricultores "
            "franceses protestam. O texto menciona também tecnologia, inovação e serviços digitais."
        ),
    ),
    (
        "pt",
        "Marinha do Brasil e França lançam submarino construído em parceria",
        (
            "O programa prevê transferência de tecnologia e a construção de quatro submarinos. O "
            "ministro da Defesa destacou a cooperação militar. O próximo será nuclear."
        ),
    ),
    (
        "pt",
        "Pesquisa Quaest: presidente lidera em todos os cenários",
        (
            "A pesquisa ouviu duas mil pessoas. A margem de erro é de dois pontos. O instituto "
            "realizou entrevistas em todas as regiões do país."
        ),
    ),
    (
        "de",
        "EU und Indien schließen Freihandelsabkommen",
        (
            "Nach jahrelangen Verhandlungen haben sich Brüssel und Neu-Delhi auf ein Handelsabkommen "
            "geeinigt. Zölle auf Autos und Maschinen fallen weg. Auch digitale Technologien sind "
            "umfasst. Die Wirtschaft begrüßte die Einigung."
        ),
    ),
    (
        "de",
        "Bund investiert fünf Milliarden in Hightech-Agenda",
        (
            "Das Kabinett hat die Hightech-Agenda Deutschland beschlossen. Geld fließt in "
            "Quantentechnologien, Fusionsforschung und künstliche Intelligenz. Universitäten und "
            "Länder sollen enger zusammenarbeiten. Die Opposition kritisierte den Plan als "
            "unzureichend."
        ),
    ),
    (
        "de",
        "Tarifvertrag für Hochschulen: Gewerkschaften und Länder einigen sich",
        (
            "Die Beschäftigten an Universitäten erhalten mehr Geld. Die Einigung betrifft auch "
            "wissenschaftliche Mitarbeiter. Der Vertrag läuft zwei Jahre."
        ),
    ),
)


@pytest.fixture(scope="module")
def topic() -> Topic:
    return load_topic(CONFIG_DIR / "topics" / "science_cooperation.yaml")


@pytest.mark.parametrize(("language", "title", "text"), IN_SCOPE)
def test_cooperation_in_science_is_accepted(topic: Topic, language: str, title: str, text: str) -> None:
    judgement = judge(make_article(title=title, text=text, language=language), topic)
    assert judgement.verdict in ("alert", "accept"), judgement.reason


@pytest.mark.parametrize(("language", "title", "text"), OUT_OF_SCOPE)
def test_what_only_sounds_like_it_is_discarded(topic: Topic, language: str, title: str, text: str) -> None:
    judgement = judge(make_article(title=title, text=text, language=language), topic)
    assert judgement.verdict == "discard", judgement.reason


@pytest.mark.parametrize(
    ("language", "text", "codes"),
    [
        ("fr", "un laboratoire franco-allemand", {"FR", "DE"}),
        ("fr", "Dominique et Maurice, en français, sur l'océan Indien", set()),
        ("fr", "des chercheurs de l'île Maurice et d'Afrique du Sud", {"MU", "ZA"}),
        ("fr", "la Guadeloupe", {"FR"}),
        ("es", "Reunión en la Universidad de Granada. Sino también en Santa Elena", set()),
        ("es", "científicos latinoamericanos, estadounidenses y suizos", {"US", "CH"}),
        ("pt", "Reunião com Maurício em Santa Helena", set()),
        ("pt", "o satélite sino-brasileiro e a Polónia", {"CN", "BR", "PL"}),
        ("pt", "pesquisadores sul-africanos e norte-americanos", {"ZA", "US"}),
        ("de", "deutsch-französische und US-amerikanische Institute", {"DE", "FR", "US"}),
        ("de", "die Deutsche Bahn am Indischen Ozean", set()),
        ("de", "das Norwegische Institut", {"NO"}),
    ],
)
def test_countries_are_found_by_adjective_and_not_by_chance(
    language: str, text: str, codes: set[str]
) -> None:
    assert {hit.code for hit in find_countries(text, language)} == codes
