COMMITS = {
    "not-stored": (
        "was answered as a success before what it wrote was committed",
        'Write inside the block of a unit of work. Give a dependency of your own that commits `scope="function"`.',
    ),
    "stored-and-failed": (
        "was answered as an error, but has stored what it wrote",
        "Raise an exception, inside the block. Don't return an error response, because the block then commits.",
    ),
    "several-commits": (
        "committed more than once, so a failure after the first commit leaves half of its work stored",
        "Write in one block. Don't commit in a repository or an endpoint, because the block commits.",
    ),
}
