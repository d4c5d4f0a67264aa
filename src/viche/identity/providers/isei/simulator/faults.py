"""The ways in which the simulator can be told to misbehave, each seen or expected in the real system."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """where: redirect, token or info (the answer it spoils), or data (what the answer says)."""

    where: str
    uk: str
    en: str


FAULTS: dict[str, Fault] = {
    "wrong_state": Fault("redirect", "Повертає чужий state", "Returns a foreign state"),
    "code_used": Fault("token", "Код уже використано", "The code has already been used"),
    "wrong_key": Fault("token", "Ключ сайту відхилено", "The site's key is refused"),
    "token_html": Fault("token", "Токен: відповідь HTML", "Token: an HTML answer"),
    "token_500": Fault("token", "Токен: помилка 500", "Token: error 500"),
    "token_slow": Fault("token", "Токен: повільна відповідь", "Token: a slow answer"),
    "token_cut": Fault("token", "Токен: з’єднання обірвано", "Token: the connection is cut"),
    "token_redirect": Fault("token", "Токен: переспрямування", "Token: a redirect"),
    "token_type": Fault("token", "Токен: хибний тип вмісту", "Token: wrong content type"),
    "no_user_id": Fault("token", "Токен: без user_id", "Token: no user_id"),
    "info_html": Fault("info", "Дані: відповідь HTML", "Data: an HTML answer"),
    "info_500": Fault("info", "Дані: помилка 500", "Data: error 500"),
    "info_slow": Fault("info", "Дані: повільна відповідь", "Data: a slow answer"),
    "info_trickle": Fault("info", "Дані: по одному байту", "Data: one byte at a time"),
    "info_huge": Fault("info", "Дані: завелика відповідь", "Data: an endless answer"),
    "info_error": Fault("info", "Дані: об’єкт помилки", "Data: an error object"),
    "info_type": Fault("info", "Дані: хибний тип вмісту", "Data: wrong content type"),
    "info_array": Fault("info", "Дані: список замість об’єкта", "Data: a list, not an object"),
    "info_encrypted": Fault("info", "Дані: зашифровано без запиту", "Data: encrypted unasked"),
    "empty_drfocode": Fault("data", "РНОКПП у полі edrpoucode", "Tax number in edrpoucode"),
    "company_code": Fault("data", "Код підприємства поряд із РНОКПП", "A company's code beside the number"),
    "two_numbers": Fault("data", "Два різні номери", "Two different numbers"),
    "wrong_check_digit": Fault("data", "Хибна контрольна цифра", "Wrong check digit"),
    "na_everywhere": Fault("data", "Усюди «n/a»", "“n/a” everywhere"),
    "na_address": Fault("data", "Адреса «n/a»", "Address “n/a”"),
    "other_region": Fault("data", "Адреса в іншій області", "An address in another region"),
    "latin_name": Fault("data", "Ім’я латиницею", "A name in Latin letters"),
    "capitals": Fault("data", "Ім’я великими літерами", "A name in capitals"),
    "joined_name": Fault("data", "По батькові в полі імені", "Patronymic inside the given name"),
    "no_auth_type": Fault("data", "Без auth_type", "No auth_type"),
}
