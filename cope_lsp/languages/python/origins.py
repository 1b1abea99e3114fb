"""Which names of Python's world give code which power; `powers` looks them up."""

from __future__ import annotations

from typing import Final


def _words(text: str) -> list[str]:
    return text.split()


_BY_POWER: Final = {
    "process": """
        subprocess multiprocessing pty sh pexpect plumbum signal concurrent.futures.process
        asyncio.subprocess asyncio.create_subprocess_exec asyncio.create_subprocess_shell os.system
        os.popen os.fork os.forkpty os.kill os.killpg os.execl os.execle os.execlp os.execv
        os.execve os.execvp os.execvpe os.posix_spawn os.posix_spawnp os.spawnl os.spawnle
        os.spawnlp os.spawnv os.spawnve os.spawnvp os.startfile
    """,
    "network": """
        socket socketserver ssl select selectors http urllib.request urllib3 ftplib smtplib poplib
        imaplib nntplib telnetlib xmlrpc wsgiref webbrowser requests httpx aiohttp websockets
        websocket paramiko boto3 botocore grpc zmq scapy dns psycopg psycopg2 pymongo redis
        asyncio.open_connection asyncio.start_server asyncio.open_unix_connection
    """,
    "files": """
        open io.open io.FileIO codecs.open os.open os.remove os.unlink os.rmdir os.removedirs
        os.rename os.renames os.replace os.mkdir os.makedirs os.link os.symlink os.chmod os.chown
        os.truncate os.walk os.scandir os.listdir shutil tempfile glob fileinput mmap sqlite3 dbm
        zipfile tarfile gzip.open bz2.open lzma.open linecache
    """,
    "environment": "os.environ os.environb os.getenv os.putenv os.unsetenv getpass pwd keyring",
    "eval": """
        eval exec compile __import__ importlib runpy code codeop types.CodeType types.FunctionType
        builtins.eval builtins.exec builtins.compile input breakpoint pdb bdb
    """,
    "native code": "ctypes _ctypes cffi cython numba llvmlite",
    "pickle": """
        pickle cPickle _pickle dill cloudpickle marshal shelve joblib copyreg yaml.load
        yaml.unsafe_load yaml.full_load torch.load pandas.read_pickle numpy.load
    """,
    "tampering": """
        sys.modules sys.settrace sys.setprofile sys.monitoring sys._getframe sys.exit sys.meta_path
        sys.path_hooks sys.addaudithook sys.stdout sys.stderr sys.excepthook gc inspect builtins
        __builtins__ pytest _pytest unittest mock doctest hypothesis os._exit os.abort atexit
        faulthandler threading _thread traceback globals vars exit quit site weakref tracemalloc
    """,
}

ORIGINS: Final = {origin: power for power, origins in _BY_POWER.items() for origin in _words(origins)}
"""Power by dotted name, of a module or of something in it."""

METHODS: Final = {
    **dict.fromkeys(
        _words("""
        write_text write_bytes read_text read_bytes unlink rmdir rmtree touch symlink_to hardlink_to
        chmod iterdir rglob
        """),
        "files",
    ),
    **dict.fromkeys(
        _words("""
        __globals__ __code__ __closure__ __subclasses__ __bases__ __mro__ __builtins__ __dict__
        __getattribute__ __loader__ __spec__ __defaults__ f_back f_globals f_locals f_builtins
        tb_frame gi_frame cr_frame
        """),
        "tampering",
    ),
}
"""Power by attribute name, whatever it is an attribute of."""

OPERATORS: Final = frozenset(_words("__eq__ __ne__ __hash__ __instancecheck__ __subclasshook__ __class__"))
"""Methods by whose definition a value can lie about being equal."""
