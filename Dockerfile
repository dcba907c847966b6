# docker build -t deltascope . && docker run --init --read-only --tmpfs /tmp -p 8501:8501 deltascope
#
# The base is named by its exact version, not by its digest: no registry could be asked for one
# where this was written. To pin it, put behind the name what this prints, as in NAME@sha256:...
#   docker buildx imagetools inspect python:3.13.13-slim-trixie --format '{{.Manifest.Digest}}'
FROM python:3.13.13-slim-trixie

WORKDIR /app
COPY requirements.lock .
RUN pip install --no-cache-dir --no-compile --require-hashes --requirement requirements.lock \
  && python -m compileall -q /usr/local/lib/python3.13/site-packages

COPY . .
# The processes that train need no /dev/shm. There is one per core, or as many as
# DELTASCOPE_WORKERS says; a limit of `docker run --cpus` is seen.
# All of it belongs to root; who runs the app can write nothing but /tmp. With a volume at /var/tmp
# old records of long runs lie there, and states of runs for a server that starts again; without one
# the records stay in memory, and such a server trains the runs again.
RUN useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin learner
USER 10001

# The matrices are small: a second BLAS thread would only wait for the first. Nothing is kept at
# home, for the disk is read-only.
ENV OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1 PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 HOME=/tmp
EXPOSE 8501
# Bash asks: to start a Python for each question would cost a busy machine much more.
HEALTHCHECK --interval=10s --timeout=10s --start-period=30s --start-interval=1s CMD ["bash", "-c", \
  "exec 3<>/dev/tcp/127.0.0.1/8501 && printf 'GET %s/_stcore/health HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' \"${STREAMLIT_SERVER_BASE_URL_PATH:+/$STREAMLIT_SERVER_BASE_URL_PATH}\" >&3 && read -r _ status _ <&3 && [ \"$status\" = 200 ]"]
CMD ["streamlit", "run", "app.py", "--server.port=8501", "--server.address=0.0.0.0"]
