"""A small nbgrader course that is no other's: the corpus is handed in to it."""

c = get_config()  # noqa: F821  nbgrader defines it
c.CourseDirectory.course_id = "probe-course"
c.ExecutePreprocessor.timeout = 20
