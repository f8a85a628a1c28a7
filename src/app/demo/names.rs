//! Names for invented people, from many places.

/// Given names.
#[rustfmt::skip]
pub const GIVEN_NAMES: [&str; 171] = [
    "Aada", "Abebe", "Adaeze", "Agnes", "Ahmed", "Aino", "Aisha", "Akira", "Alejandra", "Amara", "Amina", "Anders",
    "Anneli", "Antonio", "Anya", "Arash", "Arjun", "Arthur", "Asger", "Ayşe", "Beatrice", "Birgit", "Bjarne", "Bruno",
    "Camille", "Carmen", "Cedric", "Chidi", "Chloe", "Clara", "Daichi", "Daniel", "Daria", "Deniz", "Diego", "Dilan",
    "Dorota", "Eduardo", "Eero", "Eileen", "Elif", "Elin", "Emeka", "Emma", "Erik", "Esther", "Eszter", "Fatima",
    "Felix", "Fernanda", "Filip", "Florian", "Gabriela", "Georgios", "Giulia", "Greta", "Gustav", "Hana", "Haruto",
    "Hassan", "Helena", "Hugo", "Ibrahim", "Ida", "Imani", "Ines", "Ioana", "Isak", "Ivan", "Jakub", "Jana", "Javier",
    "Jelena", "Jin", "Joanna", "Joaquin", "Johanna", "Jorge", "Josephine", "Kai", "Kamala", "Karim", "Katja", "Kenji",
    "Khadija", "Kirsten", "Klara", "Lars", "Laszlo", "Layla", "Leo", "Lerato", "Lin", "Linnea", "Lucas", "Luisa",
    "Magnus", "Mai", "Malik", "Manuel", "Mara", "Marek", "Maria", "Marta", "Mei", "Mette", "Miguel", "Mila",
    "Mohamed", "Mira", "Nadia", "Naomi", "Natalia", "Niels", "Nikhil", "Nina", "Noah", "Olga", "Oluwaseun", "Omar",
    "Oscar", "Paolo", "Patrick", "Paulina", "Pedro", "Pernille", "Rachel", "Rania", "Ravi", "Rebecca", "Renata",
    "Ricardo", "Rosa", "Ruben", "Ruth", "Sakura", "Salma", "Sami", "Sanne", "Sara", "Sebastian", "Selma", "Seung",
    "Shira", "Silvia", "Simone", "Sofie", "Stefan", "Sunita", "Svetlana", "Tamar", "Tariro", "Teresa", "Thabo",
    "Theo", "Thu", "Tomas", "Tove", "Umar", "Valeria", "Vera", "Viktor", "Wanjiru", "Wei", "William", "Yara",
    "Yasmin", "Yusuf", "Zanele", "Zofia", "Zoltan",
];

/// Family names.
#[rustfmt::skip]
pub const FAMILY_NAMES: [&str; 181] = [
    "Aaltonen", "Abdi", "Achterberg", "Adler", "Aguilar", "Ahlgren", "Almeida", "Amundsen", "Andrade", "Araya",
    "Asante", "Aydin", "Bakker", "Balogun", "Barros", "Becker", "Bergqvist", "Bianchi", "Bjerre", "Boone", "Borg",
    "Bosch", "Brandt", "Cabrera", "Castellano", "Chaudhry", "Chen", "Choi", "Christoffersen", "Costa", "Dahlin",
    "Dang", "Delacroix", "Diallo", "Dimitrov", "Dlamini", "Dubois", "Eklund", "Eriksen", "Espinoza", "Fabre", "Farah",
    "Ferrara", "Fischer", "Fjeldsted", "Fonseca", "Forsberg", "Fujita", "Garcia", "Gashi", "Georgiou", "Goldberg",
    "Gonzalez", "Gregersen", "Grigorescu", "Gupta", "Haapala", "Hagen", "Halvorsen", "Hamid", "Hansen", "Hashimoto",
    "Hernandez", "Hoang", "Holmberg", "Horvat", "Hussain", "Ibarra", "Ito", "Ivanova", "Iversen", "Jansen", "Jimenez",
    "Johansson", "Joshi", "Kamara", "Kaplan", "Karlsen", "Kaya", "Keller", "Khalil", "Kim", "Kimura", "Kirkegaard",
    "Koch", "Kovacs", "Kowalczyk", "Krogh", "Kumar", "Laine", "Larsen", "Lefevre", "Lehmann", "Lim", "Lindholm",
    "Lopez", "Lund", "Madsen", "Mahlangu", "Malik", "Mancini", "Marin", "Martins", "Mbeki", "Mehta", "Mendes",
    "Meyer", "Mikkelsen", "Moreau", "Moreno", "Mutua", "Nagy", "Nakata", "Navarro", "Ndiaye", "Nguyen", "Nielsen",
    "Nilsen", "Nowak", "Nyberg", "Obi", "Okafor", "Oliveira", "Olsen", "Ortega", "Osei", "Ozturk", "Papadakis",
    "Park", "Patel", "Pereira", "Petrov", "Pham", "Poulsen", "Prasad", "Quispe", "Rahimi", "Ramos", "Rao", "Ravn",
    "Reyes", "Rinaldi", "Rossi", "Rustad", "Saito", "Salazar", "Sandberg", "Santos", "Schmidt", "Sharma", "Silva",
    "Singh", "Skov", "Sokolov", "Song", "Steiner", "Suzuki", "Szabo", "Takeda", "Teixeira", "Thomsen", "Torres",
    "Tran", "Tshabalala", "Turunen", "Vargas", "Vasquez", "Vestergaard", "Vinter", "Virtanen", "Vogel", "Wagner",
    "Wang", "Weiss", "Wozniak", "Xu", "Yamada", "Yildiz", "Zamora", "Zhang", "Zhou",
];
