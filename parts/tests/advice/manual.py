COMMITS = {
    "not-stored": (
        "was answered as a success before what it wrote was committed",
        'Commit before the endpoint returns. Give a dependency of your own that commits `scope="function"`.',
    ),
    "stored-and-failed": (
        "was answered as an error, but has stored what it wrote",
        "Raise an exception before the commit, which is the last thing before `return`.",
    ),
    "several-commits": (
        "committed more than once, so a failure after the first commit leaves half of its work stored",
        "Commit once, as the last thing before `return`. Don't commit in a repository.",
    ),
}
