"""The words by which figures are told apart in French, Spanish and Portuguese."""
# ruff: noqa: E501 - tables of words

from collections.abc import Mapping

from coopwatch.events.figures.words import FigureWords

ROMANCE: Mapping[str, FigureWords] = {
    "fr": FigureWords(
        attendees="participants?|participantes|inscrits",
        company="délégués|invités|visiteurs|représentants|congressistes|convives",
        persons="personnes|personnalités",
        trades={
            "experts": "experts|spécialistes",
            "scientists": "scientifiques|savants",
            "researchers": "chercheurs|chercheuses",
            "students": "étudiants|élèves|lycéens",
            "ministers": "ministres",
            "officials": "responsables|hauts fonctionnaires",
            "entrepreneurs": "entrepreneurs",
            "speakers": "intervenants|orateurs|conférenciers",
            "exhibitors": "exposants",
            "journalists": "journalistes",
        },
        things={
            "countries": "pays|nations|états",
            "organisations": "organisations|institutions|organismes",
            "organisations.universities": "universités",
            "organisations.institutes": "instituts|laboratoires",
            "organisations.companies": "entreprises|sociétés",
            "agreements": "accords|mémorandums|conventions|protocoles|contrats",
            "projects": "projets",
        },
        linkers="de|d['’]",
        breaks="de|du|des|en|à|au|aux|pour|par|avec|dans|sur|sous|qui|que|et|ou|ont|a|est|sont|la|le|les|l|un|une|ans?",
        events="conférence|congrès|forum|sommet|symposium|colloque|atelier|séminaire|salon|exposition|réunion|rencontre"
        "|assemblée|événement|évènement|cérémonie|journées|assises",
        gathered=r"réuni\w{0,7}|rassembl\w{1,7}|particip(?:é|e|ent|ait|aient|eront|er|ation)|accueill\w{1,6}|assist\w{1,5}"
        r"|attir\w{1,5}|pri(?:s|nt) part|prendre part|prennent part|présents|venus|convi\w{1,4}|regroup\w{1,6}",
        origins=r"(?:de|d['’]|représentant|issus d[e'’]|venus d[e'’]|provenant d[e'’]|originaires d[e'’]|entre)",
        signed=r"sign\w{1,6}|conclu\w{0,4}|paraph\w{1,4}",
        started=r"lanc\w{1,6}|financ\w{1,6}|sélectionn\w{1,4}|retenus?|annonc\w{1,4}|démarr\w{1,5}|soutenus?",
        funded=r"financ\w{1,7}|invest\w{1,9}|subvention\w{0,4}|budget|fonds|allou\w{1,4}|dot\w{1,5}|consacr\w{1,5}"
        r"|enveloppe|débloqu\w{1,4}|bourses?",
        not_funding=r"chiffre d['’]affaires|ventes?|recettes?|amendes?|bénéfices?|dettes?|pertes?|export\w{0,8}|import\w{0,8}"
        r"|échanges commerciaux|marché|salaires?|valoris\w{1,6}|emprunt\w{0,3}|loyers?|impôts?|dégâts",
        years="ans|années",
        lasting=r"(?:prolong|renouvel|recondui|étend|valable|durée|accord|convention|partenariat|programme)\w{0,8}"
        r"[^.;]{0,60}\b(?:de|pour|sur|d['’])\s*\Z",
        parts={
            "international": r"internationa\w{1,4}|étrang\w{1,4}",
            "domestic": r"nationaux|locaux|nationales",
            "online": "en ligne|à distance|virtuels?",
            "onsite": "en présentiel|sur place",
        },
        of_some=r"africain\w{0,2}|européen\w{0,3}|asiatiques|arabes|membres|voisins|pauvres|riches|insulaires|du",
        including="dont|parmi (?:eux|lesquels)|y compris",
        ahead=r"devrai\w{1,4}|doivent|sont attendus|attend\w{0,3}|prévoi\w{0,3}|réunira|rassemblera|accueillera|participeront"
        r"|prendront part|attirera",
        elsewhere=r"l['’]an dernier|l['’]année dernière|édition précédente|dernière édition|éditions précédentes"
        r"|chaque année|par an|depuis|jusqu['’]à présent|au total depuis|en (?:19|20)\d\d",
        this_time="cette année|cette édition",
        not_people="étude|essai|sondage|sondés|patients|enquête|échantillon|élections?|manifest(?:ants|ation)",
    ),
    "es": FigureWords(
        attendees="participantes|asistentes|inscritos|congresistas",
        company="delegados|delegadas|invitados|visitantes|representantes",
        persons="personas|personalidades",
        trades={
            "experts": "expertos|especialistas|expertas",
            "scientists": "científicos|científicas",
            "researchers": "investigadores|investigadoras",
            "students": "estudiantes|alumnos",
            "ministers": "ministros",
            "officials": "funcionarios|autoridades",
            "entrepreneurs": "empresarios|emprendedores",
            "speakers": "ponentes|conferencistas|oradores",
            "exhibitors": "expositores",
            "journalists": "periodistas",
        },
        things={
            "countries": "países|naciones",
            "organisations": "organizaciones|instituciones|organismos|entidades",
            "organisations.universities": "universidades",
            "organisations.institutes": "institutos|laboratorios",
            "organisations.companies": "empresas|compañías",
            "agreements": "acuerdos|memorandos|memorándums|convenios|contratos",
            "projects": "proyectos",
        },
        linkers="de",
        breaks="de|del|en|a|al|para|por|con|sobre|que|y|o|han|ha|es|son|la|el|los|las|un|una|años?",
        events="conferencia|congreso|foro|cumbre|simposio|taller|seminario|feria|exposición|reunión|encuentro|asamblea"
        "|evento|ceremonia|jornadas?|convención",
        gathered=r"reun\w{1,6}|reún\w{1,4}|particip(?:ó|a|an|aron|arán|ación|ado|ar)|asist(?:e|en|ió|ieron|irán|encia|ir)"
        r"|congreg\w{1,4}|convoc\w{1,5}|acud\w{1,6}|atra\w{1,6}|acog\w{1,4}|particip\w{1,5}|presen(?:tes|cia)",
        origins="(?:de|procedentes de|provenientes de|en representación de|entre)",
        signed=r"firm\w{1,6}|suscri\w{1,6}|rubric\w{1,4}|sell\w{1,4}",
        started=r"lanz\w{1,5}|financi\w{1,6}|seleccion\w{1,5}|anunci\w{1,4}|inici\w{1,4}|apoy\w{1,4}|presenta\w{1,4}",
        funded=r"financ\w{1,9}|invert\w{1,5}|invers\w{1,5}|subvenci\w{1,5}|presupuesto|fondos?|destin\w{1,5}|dota\w{1,5}"
        r"|aport\w{1,6}|becas?",
        not_funding=r"ventas?|ingresos|multas?|beneficios?|deudas?|pérdidas?|exporta\w{1,7}|importa\w{1,7}|comercio|mercado"
        r"|salarios?|facturaci\w{1,3}|préstamos?|impuestos?|daños",
        years="años",
        lasting=r"(?:prorrog|prórrog|renov|extend|extien|vigencia|válid|duraci|acuerdo|convenio|programa)\w{0,8}"
        r"[^.;]{0,60}\b(?:de|por|durante|a)\s*\Z",
        parts={
            "international": r"internacionales|extranjer\w{1,2}",
            "domestic": "nacionales|locales",
            "online": "en línea|virtual\\w{0,6}|a distancia",
            "onsite": "presencial\\w{0,6}",
        },
        of_some="africanos|europeos|asiáticos|árabes|miembros?|vecinos|latinoamericanos|iberoamericanos|del",
        including="entre (?:ellos|ellas|los que)|incluid\\w{1,3}|de los cuales",
        ahead=r"reunirá\w?|participarán|asistirán|se espera|esperan|está previsto|prevé\w?|acogerá|congregará|atraerá",
        elsewhere=r"año pasado|edición anterior|pasada edición|última edición|ediciones anteriores|cada año|al año|anuales"
        r"|desde|hasta ahora|hasta la fecha|en (?:19|20)\d\d",
        this_time="este año|esta edición",
        not_people="estudio|ensayo|encuesta|encuestados|pacientes|muestra|elecci\\w{2,4}|manifestantes",
    ),
    "pt": FigureWords(
        attendees="participantes|inscritos|congressistas",
        company="delegados|convidados|visitantes|representantes",
        persons="pessoas|personalidades",
        trades={
            "experts": "especialistas|peritos",
            "scientists": "cientistas",
            "researchers": "pesquisadores|investigadores",
            "students": "estudantes|alunos",
            "ministers": "ministros",
            "officials": "autoridades|funcionários",
            "entrepreneurs": "empresários|empreendedores",
            "speakers": "palestrantes|oradores",
            "exhibitors": "expositores",
            "journalists": "jornalistas",
        },
        things={
            "countries": "países|nações",
            "organisations": "organizações|instituições|entidades",
            "organisations.universities": "universidades",
            "organisations.institutes": "institutos|laboratórios",
            "organisations.companies": "empresas|companhias",
            "agreements": "acordos|memorandos|convênios|convénios|protocolos|contratos",
            "projects": "projetos|projectos",
        },
        linkers="de",
        breaks="de|do|da|dos|das|em|no|na|a|ao|para|por|com|sobre|que|e|ou|foram|é|são|o|os|as|um|uma|anos?",
        events="conferência|congresso|fórum|cúpula|cimeira|simpósio|oficina|seminário|feira|exposição|reunião|encontro"
        "|assembleia|evento|cerimônia|cerimónia|convenção",
        gathered=r"reun\w{1,5}|reún\w{1,4}|particip(?:ou|a|am|aram|ação|arão|ar)|assist\w{2,5}|contou com|conta com"
        r"|acolh\w{1,4}|atra\w{1,4}|receb\w{1,4}|compareceram|presen(?:tes|ça)",
        origins="(?:de|vindos de|provenientes de|oriundos de|representando|entre)",
        signed=r"assin\w{1,6}|firm\w{1,4}|celebr\w{1,4}",
        started=r"lanç\w{1,5}|financi\w{1,5}|selecion\w{1,5}|anunci\w{1,4}|inici\w{1,4}|apoi\w{1,4}",
        funded=r"financi\w{1,7}|invest\w{1,8}|subvenç\w{1,4}|orçamento|fundos?|destin\w{1,4}|aport\w{1,4}|bolsas?|verba",
        not_funding=r"vendas?|receitas?|multas?|lucros?|dívidas?|perdas|exporta\w{1,5}|importa\w{1,5}|comércio|mercado"
        r"|salários?|fatura\w{1,5}|empréstimos?|impostos?|danos",
        years="anos",
        lasting=r"(?:prorrog|renov|estend|vigência|válid|duraç|acordo|convênio|programa)\w{0,8}"
        r"[^.;]{0,60}\b(?:de|por|durante)\s*\Z",
        parts={
            "international": r"internacionais|estrangeir\w{1,2}",
            "domestic": "nacionais|locais",
            "online": "on-?line|virtua\\w{1,6}|à distância",
            "onsite": "presencia\\w{1,6}",
        },
        of_some="africanos|europeus|asiáticos|árabes|membros?|vizinhos|latino-americanos|do|da",
        including="entre eles|entre os quais|incluindo|dos quais",
        ahead=r"reunirá|participarão|deve(?:rá|rão|m)?|espera-se|são esperad\w{1,2}|está prevista?|acolherá|receberá",
        elsewhere=r"ano passado|edição anterior|última edição|edições anteriores|a cada ano|por ano|anuais|desde"
        r"|até agora|até o momento|em (?:19|20)\d\d",
        this_time="este ano|neste ano|esta edição|nesta edição",
        not_people="estudo|ensaio|inquérito|entrevistados|pacientes|amostra|eleiç\\w{2,3}|manifestantes",
    ),
}
