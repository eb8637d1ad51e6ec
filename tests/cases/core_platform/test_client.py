"""The client against a server: time limits, size limits, sign-in, sealed and open lines, ecards."""

import threading
from dataclasses import replace
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from tests.cases.core_platform.platforms import LINE, PLATFORM_KEY, TOKEN_KEY, rig
from tests.factories import AT

from circle15.cases.core_platform import sm
from circle15.cases.core_platform.breaker import FIRST_PAUSE, MOST_FAILURES
from circle15.cases.core_platform.client import HttpPlatform, incoming
from circle15.cases.core_platform.ecard import (
    Business,
    EcardAway,
    EcardNotSetUp,
    EcardRefused,
    GuardedDecoder,
    HttpDecoder,
    NotEcard,
    identify,
    identify_by,
)
from circle15.cases.core_platform.line import BadLine, keep_line, line_in
from circle15.cases.core_platform.numbers import OnlineNumbers
from circle15.cases.core_platform.port import Asked, NotTaken, ReplyLost, Untrusted
from circle15.cases.core_platform.posting import MOST_BYTES, post
from circle15.cases.core_platform.sm2 import PrivateKey
from circle15.ops.simulators.core_platform import CorePlatformSimulator, psn_no
from circle15.ops.simulators.ecard import EcardSimulator, opened_token, token_of
from circle15.ops.simulators.reader import synthetic_resident_id

ID_NUMBER = synthetic_resident_id(date(1950, 1, 1))
CLERK = Business(operator_id="c1", operator_name="一号柜员")
VALUES = {"mdtrt_cert_type": "02", "mdtrt_cert_no": ID_NUMBER}


class Counting:
    """Numbers without a database."""

    def __init__(self) -> None:
        self.last = 0

    def next(self, fixmedins_code: str, *, at) -> str:
        self.last += 1
        return f"{fixmedins_code}20260302090000{self.last:04}"


def _platform(simulator, **line) -> HttpPlatform:
    return HttpPlatform(replace(LINE, url=simulator.url, **line), Counting())


def _ask(platform, **values):
    number = platform.numbers.next(platform.fixmedins_code, at=AT)
    return platform.ask(Asked("1101", number, VALUES | values), at=AT)


@pytest.mark.parametrize("sm4_key", [None, bytes(range(16))])
def test_person_is_asked_for_over_an_open_and_a_sealed_line(sm4_key):
    with CorePlatformSimulator(replace(LINE, sm4_key=sm4_key), PLATFORM_KEY) as simulator:
        response = _ask(_platform(simulator, sm4_key=sm4_key))

    assert response.is_done
    assert response.output["baseinfo"]["psn_no"] == psn_no(ID_NUMBER)


def test_platform_that_began_anew_is_signed_in_to_again():
    with CorePlatformSimulator(LINE, PLATFORM_KEY) as simulator:
        platform = _platform(simulator)
        _ask(platform)
        simulator._signed_in.clear()

        with pytest.raises(NotTaken):
            _ask(platform)
        assert _ask(platform).is_done
        assert simulator.state.figures()["told"] == {"9001": 2, "1101": 3}


def test_filing_is_reversed_by_the_number_of_its_message():
    with CorePlatformSimulator(LINE, PLATFORM_KEY) as simulator:
        platform = _platform(simulator)
        number = platform.numbers.next(platform.fixmedins_code, at=AT)
        filed = {"psn_no": "1", "insutype": "390", "opsp_dise_code": "M03900"}
        values = filed | {"begndate": "2026-03-02"}
        assert platform.ask(Asked("2503", number, values, "320681"), at=AT).is_done
        back = {"omsgid": number, "oinfno": "2503"}

        again = [
            platform.ask(Asked("2601", platform.numbers.next("H32068100001", at=AT), back), at=AT)
            for _turn in range(2)
        ]

        assert [one.is_done for one in again] == [True, False]
        assert simulator.state.figures()["standing"] == 0


@pytest.mark.parametrize(
    "wrong",
    [{"private_key": PrivateKey(2)}, {"secret": "other"}],
)
def test_message_signed_by_another_is_refused_by_the_platform(wrong):
    with CorePlatformSimulator(LINE, PLATFORM_KEY) as simulator, pytest.raises(NotTaken):
        _ask(_platform(simulator, **wrong))


def test_answer_signed_by_another_is_not_believed():
    with CorePlatformSimulator(LINE, PLATFORM_KEY) as simulator:
        platform = _platform(simulator, platform_key=PrivateKey(3).public)

        with pytest.raises(NotTaken, match="signature"):
            _ask(platform)
        with pytest.raises(Untrusted):
            incoming(simulator.answer({}), platform.line, "m")


def test_contents_sealed_with_another_key_are_refused_by_both_sides():
    with CorePlatformSimulator(LINE, PLATFORM_KEY) as simulator:
        with pytest.raises(NotTaken, match="解密失败"):
            _ask(_platform(simulator, sm4_key=bytes(range(2, 18))))
        there = _platform(simulator)
        _ask(there)
        sealed = sm.sealed({"a": 1}, key=bytes(16), msgid="m")
        with pytest.raises(Untrusted):
            incoming({"infcode": 0, "output": sealed}, there.line, "m")


def _serving(answer: bytes, *, pause_s: float = 0.0) -> tuple[ThreadingHTTPServer, str]:
    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_args) -> None:
            pass

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            for at in range(0, len(answer), 64 * 1024):
                self.wfile.write(answer[at : at + 64 * 1024])
                self.wfile.flush()
                threading.Event().wait(pause_s)

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_args) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    quick = {"poll_interval": 0.02}
    threading.Thread(target=server.serve_forever, kwargs=quick, daemon=True).start()
    return server, f"http://127.0.0.1:{server.server_address[1]}/"


HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n"


@pytest.mark.parametrize(
    ("answer", "pause_s"),
    [
        (b"", 0),
        (b"nonsense", 0),
        (HEAD % 10 + b"short", 0),
        (HEAD % (MOST_BYTES + 1) + b"x" * (MOST_BYTES + 1), 0),
        (HEAD % 200_000 + b"x" * 200_000, 0.2),  # drips: each part in time, the whole too late
    ],
)
def test_answer_that_is_cut_too_long_or_too_slow_is_a_lost_reply(answer, pause_s):
    server, url = _serving(answer, pause_s=pause_s)
    try:
        with pytest.raises(ReplyLost):
            post(url, b"{}", {}, timeout_s=0.4)
    finally:
        server.shutdown()
        server.server_close()


def test_redirect_is_not_followed():
    server, url = _serving(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n")
    try:
        assert post(url, b"{}", {}, timeout_s=1).status == 302
    finally:
        server.shutdown()
        server.server_close()


def test_nobody_listening_had_surely_no_effect():
    with pytest.raises(NotTaken):
        post("http://127.0.0.1:9/", b"{}", {}, timeout_s=1)


def test_untrusted_is_a_lost_reply():
    assert issubclass(Untrusted, ReplyLost)


GOOD = {
    "url": "https://core.example/",
    "fixmedins_code": "H32068100001",
    "fixmedins_name": "启东市医保中心",
    "division": "320681",
    "receiver": "MBS",
    "secret": "hidden-word",
    "private_key": f"{7:064x}",
    "platform_key": str(PrivateKey(9).public),
}


def test_line_is_kept_for_its_owner_only_and_read_back(tmp_path):
    keep_line(tmp_path, GOOD)

    line = line_in(tmp_path)

    assert (tmp_path / "core_platform.json").stat().st_mode & 0o777 == 0o600
    assert (line.url, line.settle, line.sm4_key) == (GOOD["url"], timedelta(seconds=60), None)
    assert "hidden-word" not in repr(line)
    assert line_in(tmp_path / "nowhere") is None


@pytest.mark.parametrize(
    "wrong",
    [
        {"url": "http://core.example/"},
        {"url": "https://a:b@core.example/"},
        {"url": "ftp://127.0.0.1/"},
        {"division": "3206"},
        {"fixmedins_code": ""},
        {"private_key": "00"},
        {"platform_key": "11" * 64},
        {"sm4_key": "00"},
        {"ecard_url": "http://10.0.0.1/"},
        {"timeout_s": 6},
        {"timeout_s": "x"},
        {"settle_s": 0},
    ],
)
def test_line_that_cannot_be_used_says_why_and_names_no_key(tmp_path, wrong):
    with pytest.raises(BadLine) as caught:
        keep_line(tmp_path, GOOD | wrong)

    assert GOOD["private_key"] not in str(caught.value)


# E-certificates


@pytest.fixture
def ecard():
    with EcardSimulator(TOKEN_KEY, good_for_s=0.3) as simulator:
        yield simulator


def _decoder(simulator, url="", timeout_s=1.0) -> GuardedDecoder:
    return GuardedDecoder(HttpDecoder(url or simulator.url, LINE.fixmedins_code, timeout_s))


def test_code_is_read_once_and_known_to_the_platform(db, ecard):
    with rig() as made:
        code = ecard.show(ID_NUMBER, "合成甲")
        decoder, platform = _decoder(ecard), made.outbox.platform

        who = identify_by(code.lower(), CLERK, decoder, platform, OnlineNumbers(), at=AT)
        with pytest.raises(EcardRefused):
            identify_by(code, CLERK, decoder, platform, OnlineNumbers(), at=AT)

    assert (who.id_number, who.name) == (ID_NUMBER, "合成甲")
    assert who.insured.psn_no == psn_no(ID_NUMBER)
    assert ID_NUMBER not in repr(who)


def test_person_is_known_while_the_platform_is_away(db, ecard):
    with rig() as made:
        made.switch("down")
        code = ecard.show(ID_NUMBER, "合成甲")
        platform = made.outbox.platform

        who = identify_by(code, CLERK, _decoder(ecard), platform, OnlineNumbers(), at=AT)

    assert (who.id_number, who.insured) == (ID_NUMBER, None)


def test_old_code_strange_code_and_dead_decoder_are_told_apart(db, ecard):
    code = ecard.show(ID_NUMBER, "合成甲")
    threading.Event().wait(0.35)
    with rig() as made:
        ask = (CLERK, _decoder(ecard), made.outbox.platform, OnlineNumbers())

        with pytest.raises(EcardRefused):
            identify_by(code, *ask, at=AT)
        with pytest.raises(NotEcard):
            identify_by("https://x.example/", *ask, at=AT)
        ecard.switch({"mode": "away"})
        with pytest.raises(EcardAway):
            identify_by(ecard.show(ID_NUMBER, "合成甲"), *ask, at=AT)


@pytest.mark.parametrize("trouble", ["away", "slow", "garbage", "down"])
def test_a_decoder_in_trouble_is_asked_thrice_then_left_alone_and_asked_again(ecard, trouble):
    decoder = _decoder(ecard, "http://127.0.0.1:9/" if trouble == "down" else "", 0.1)
    ecard.switch({"mode": "up" if trouble == "down" else trouble, "slow_s": 0.15})
    for turn in range(5):
        with pytest.raises(EcardAway):
            decoder.decode("X" * 28, CLERK, at=AT + timedelta(seconds=turn * 0.2))
    assert ecard.asked == (0 if trouble == "down" else MOST_FAILURES)
    assert decoder.problem

    ecard.switch({"mode": "up"})
    decoder.decoder = _decoder(ecard).decoder
    later = AT + timedelta(seconds=1) + FIRST_PAUSE
    with pytest.raises(EcardRefused):  # an answer, if one that says no
        decoder.decode("X" * 28, CLERK, at=later)
    assert (decoder.is_open(at=later), decoder.problem) == (False, "")


def test_refused_codes_do_not_open_the_breaker(ecard):
    decoder = _decoder(ecard)
    for _turn in range(2 * MOST_FAILURES):
        with pytest.raises(EcardRefused):
            decoder.decode("X" * 28, CLERK, at=AT)


def test_without_a_line_nobody_can_be_read(settings, tmp_path):
    settings.VAR_DIR = tmp_path

    with pytest.raises(EcardNotSetUp):
        identify("X" * 28, business=CLERK, at=AT)


def test_token_is_good_for_its_key_only():
    token = token_of(ID_NUMBER, "合成甲", TOKEN_KEY)

    assert opened_token(token, TOKEN_KEY) == (ID_NUMBER, "合成甲")
    assert opened_token(token, TOKEN_KEY[::-1]) is None
    assert opened_token("00", TOKEN_KEY) is None
    assert ID_NUMBER not in token
