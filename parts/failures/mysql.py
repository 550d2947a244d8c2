_CODES = {
    code: failure
    for failure, codes in {
        Failure.DUPLICATE: (1062, 1586),
        # 1216 and 1217 replace 1452 and 1451 if the user has no rights on the other table.
        Failure.MISSING_REFERENCE: (1452, 1216),
        Failure.STILL_REFERENCED: (1451, 1217),
        Failure.NOT_NULL: (1048, 1364),
        Failure.CHECK: (3819, 4025),  # MySQL, MariaDB
        Failure.BAD_DATA: (1153, 1264, 1265, 1292, 1366, 1406, 1690),
        Failure.DEADLOCK: (1213,),
        Failure.SERIALIZATION: (1020,),
        Failure.LOCK_TIMEOUT: (1205, 3572),
        Failure.STATEMENT_TIMEOUT: (1317, 1969, 3024),  # either, MariaDB, MySQL
        Failure.UNAVAILABLE: (1021, 1040, 1053, 1114, 1203, 1226, 1927, 2002, 2003, 2006, 2013, 2026, 4031),
        Failure.READ_ONLY: (1290, 1792, 1836),
        Failure.MISCONFIGURED: (1044, 1045, 1049, 1054, 1142, 1143, 1146),
    }.items()
    for code in codes
}
"""Failures by error number of MySQL and MariaDB. The driver uses the numbers from 2000 to 2999."""


def _by_code(error: exc.DBAPIError) -> Failure | None:
    code = error.orig.args[0] if error.orig is not None and error.orig.args else 0
    refused = isinstance(error, exc.DataError) or str(code).endswith("can not be used with MySQL")  # NaN or infinity
    return _CODES.get(code) or (Failure.BAD_DATA if refused else None)
