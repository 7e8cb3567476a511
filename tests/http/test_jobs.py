"""Jobs over the wire."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from flask.testing import FlaskClient

from erp_core.documents.entities import Job, JobState, Problem
from erp_core.testing import NOON, context
from erp_core.testing.documents import a_job
from erp_memory.store import MemoryStore
from tests.http.clients import a_client

LEASE = NOON + timedelta(seconds=30)
PROBLEM = Problem(code="mail.silent", text="no answer")


class House:
    """A client, and a store into which jobs are put from behind."""

    def __init__(self) -> None:
        self.store = MemoryStore()
        self.client: FlaskClient = a_client(self.store)

    def job(self, state: JobState = JobState.QUEUED) -> Job:
        with self.store(context()) as uow:
            (made,) = uow.jobs.add(context(), [a_job()])
            if state is JobState.QUEUED:
                return made
            running = uow.jobs.save(context(), made.claim("host:1", NOON, LEASE))
            ends = {
                JobState.RUNNING: running,
                JobState.DONE: running.finish(NOON, {"link": "/v1/files/7", "size": 9}),
                JobState.FAILED: running.fail(NOON, PROBLEM, 60),
                JobState.DEAD: running.fail(NOON, PROBLEM, None),
            }
            end = ends[state]
            return running if end is running else uow.jobs.save(context(), end)


def test_a_job_says_how_it_is_getting_on() -> None:
    house = House()
    job = house.job()
    said = house.client.get(f"/v1/jobs/{job.id}")

    assert said.status_code == 200
    assert said.headers["ETag"] == '"1"'
    assert said.json == {
        "id": str(job.id),
        "version": 1,
        "kind": "documents.render_pdf",
        "state": "queued",
        "progress": {"done": 0, "total": 0},
        "result_link": None,
        "problem": None,
        "attempts": 0,
        "attempts_max": 5,
        "cancel_requested": False,
        "created_at": "2024-02-29T12:00:00.000000Z",
        "created_by": "tester",
        "next_attempt_at": "2024-02-29T12:00:00.000000Z",
        "ended_at": None,
    }


def test_a_done_job_says_where_its_result_is_and_a_dead_one_why() -> None:
    house = House()
    done = house.client.get(f"/v1/jobs/{house.job(JobState.DONE).id}").json
    dead = house.client.get(f"/v1/jobs/{house.job(JobState.DEAD).id}").json

    assert (done["state"], done["result_link"]) == ("done", "/v1/files/7")
    assert dead["problem"] == {"code": "mail.silent", "detail": "no answer"}
    assert (dead["next_attempt_at"], dead["ended_at"]) == (None, "2024-02-29T12:00:00.000000Z")


def test_jobs_are_listed_by_state_and_kind() -> None:
    house = House()
    first, dead = house.job(), house.job(JobState.DEAD)

    def listed(query: str) -> list[str]:
        return [each["id"] for each in house.client.get(f"/v1/jobs{query}").json["items"]]

    assert listed("") == [str(first.id), str(dead.id)]
    assert listed("?state=dead,failed") == [str(dead.id)]
    assert listed("?kind=documents.send_mail") == []
    assert house.client.get("/v1/jobs?state=asleep").status_code == 400
    assert house.client.get("/v1/jobs?sort=kind").json["code"] == "page.sort"


def test_a_waiting_job_is_cancelled_at_once_and_only_once() -> None:
    house = House()
    path = f"/v1/jobs/{house.job(JobState.FAILED).id}"

    assert house.client.delete(path).status_code == 204
    assert house.client.get(path).json["state"] == "cancelled"
    assert house.client.delete(path).status_code == 409


def test_a_running_job_is_asked_to_stop() -> None:
    house = House()
    path = f"/v1/jobs/{house.job(JobState.RUNNING).id}"

    assert house.client.delete(path).status_code == 204
    said = house.client.get(path).json
    assert (said["state"], said["cancel_requested"]) == ("running", True)


def test_a_dead_job_is_queued_again_by_hand_and_no_other_is() -> None:
    house = House()
    dead = house.job(JobState.DEAD)
    said = house.client.post(f"/v1/jobs/{dead.id}/retry")

    assert said.status_code == 200
    assert (said.json["state"], said.json["attempts"]) == ("queued", 0)
    assert house.client.post(f"/v1/jobs/{dead.id}/retry").status_code == 409


def test_whoever_saw_an_older_version_cancels_and_retries_nothing() -> None:
    house = House()
    dead = house.job(JobState.DEAD)
    old = {"If-Match": '"1"'}

    assert house.client.post(f"/v1/jobs/{dead.id}/retry", headers=old).status_code == 412
    assert house.client.delete(f"/v1/jobs/{dead.id}", headers=old).status_code == 412


def test_another_companys_job_does_not_exist() -> None:
    house = House()
    rival = {"Authorization": "rival"}
    for job_id in (house.job().id, uuid4()):
        path = f"/v1/jobs/{job_id}"
        assert house.client.get(path, headers=rival).status_code == 404
        assert house.client.delete(path, headers=rival).status_code == 404
        assert house.client.post(f"{path}/retry", headers=rival).status_code == 404
    assert house.client.get("/v1/jobs", headers=rival).json["items"] == []


def test_each_deed_has_a_permission_of_its_own() -> None:
    house = House()
    job = replace(house.job(), events=())
    reader = {"X-Grants": "documents.job.read"}

    assert house.client.get(f"/v1/jobs/{job.id}", headers=reader).status_code == 200
    assert house.client.delete(f"/v1/jobs/{job.id}", headers=reader).status_code == 403
    assert house.client.post(f"/v1/jobs/{job.id}/retry", headers=reader).status_code == 403
