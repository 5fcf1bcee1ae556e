"""The lab in a browser: a web server of which every visitor gets an app of their own, in a process of its own."""
