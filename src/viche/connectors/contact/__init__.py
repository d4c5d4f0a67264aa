"""The contact form: messages of people to a body, or to the platform where no body is meant, and their answers."""
