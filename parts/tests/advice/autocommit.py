COMMITS = {
    "not-stored": (
        "was answered as a success before what it wrote was committed",
        'Take SessionDep, and roll back only to answer an error. Give a dependency of your own `scope="function"`.',
    ),
    "stored-and-failed": (
        "was answered as an error, but has stored what it wrote",
        "Raise an exception inside the endpoint or the block that commits. Don't return an error response.",
    ),
    "several-commits": (
        "committed more than once, so a failure after the first commit leaves half of its work stored",
        "Write in one transaction. Don't commit in a repository or an endpoint: the session dependency commits.",
    ),
}
